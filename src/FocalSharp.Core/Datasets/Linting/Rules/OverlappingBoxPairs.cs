using FocalSharp.Boxes;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Finds boxes of one image that nearly coincide, from left to right.</summary>
internal static class OverlappingBoxPairs
{
    // The number of subsequent boxes that are compared; more boxes at one place are unusual.
    private const int Window = 256;

    /// <summary>Returns the boxes that overlap an earlier one by at least a given IoU, once each, with that one.</summary>
    public static IEnumerable<(int Index, int Other, float Iou)> Find(DatasetImage image, float min, Func<ObjectAnnotation, ObjectAnnotation, bool> concerns)
    {
        if (image.Objects.Count < 2)
        {
            yield break;
        }

        int[] order = [.. Enumerable.Range(0, image.Objects.Count).Where(i => !image.Objects[i].IsCrowd).OrderBy(i => image.Objects[i].Box.X1).ThenBy(i => i)];
        for (int at = 1; at < order.Length; at++)
        {
            ObjectAnnotation item = image.Objects[order[at]];
            for (int before = at - 1; before >= Math.Max(0, at - Window); before--)
            {
                ObjectAnnotation other = image.Objects[order[before]];
                float iou = item.Box.X1 - other.Box.X1 > item.Box.Width ? 0 : BoxIou.Iou(item.Box, other.Box);
                if (iou >= min && concerns(item, other))
                {
                    yield return (Math.Max(order[at], order[before]), Math.Min(order[at], order[before]), iou);
                    break;
                }
            }
        }
    }
}
