using FocalSharp.Assignment;
using FocalSharp.Boxes;

namespace FocalSharp.Torch.Detectors.Distillation;

/// <summary>
/// The valuable localization region of an image (arXiv 2102.12252, HikariTJU/LD): the anchors whose DIoU with an object is below ATSS's threshold
/// for it, but at least a quarter of it.
/// </summary>
internal static class ValuableLocalizationRegion
{
    private const float LowerBound = 0.25f;

    /// <summary>Finds the anchors of the region.</summary>
    /// <param name="assigner">The assigner whose thresholds bound the region.</param>
    /// <param name="grid">The anchors of the image.</param>
    /// <param name="truth">The objects of the image.</param>
    /// <returns>Each anchor once, ascending, with its highest IoU with an object that it is near to.</returns>
    public static IReadOnlyList<(int Anchor, float Weight)> Find(AtssAssigner assigner, AnchorGrid grid, GroundTruth truth)
    {
        SortedDictionary<int, float> found = [];
        for (int i = 0; i < truth.Labels.Length; i++)
        {
            Box box = new(truth.Boxes[4 * i], truth.Boxes[(4 * i) + 1], truth.Boxes[(4 * i) + 2], truth.Boxes[(4 * i) + 3]);
            float threshold = assigner.GetThreshold(grid, box);
            if (float.IsNaN(threshold))
            {
                continue;
            }

            foreach (ref readonly AnchorLevel level in grid.Levels)
            {
                // DIoU is positive only where anchor and object overlap.
                float reach = grid.Scale * level.Stride / 2;
                (int firstX, int lastX) = Cells(box.X1 - reach, box.X2 + reach, level.Stride, grid.CenterOffset, level.ValidWidth);
                (int firstY, int lastY) = Cells(box.Y1 - reach, box.Y2 + reach, level.Stride, grid.CenterOffset, level.ValidHeight);
                for (int y = firstY; y <= lastY; y++)
                {
                    for (int x = firstX; x <= lastX; x++)
                    {
                        int anchor = level.Start + (y * level.Width) + x;
                        Box own = grid.Anchor(anchor);
                        float near = BoxIou.Diou(own, box);
                        if (near < threshold && near >= LowerBound * threshold)
                        {
                            found[anchor] = Math.Max(found.GetValueOrDefault(anchor), BoxIou.Iou(own, box));
                        }
                    }
                }
            }
        }

        return [.. found.Select(pair => (pair.Key, pair.Value))];
    }

    private static (int First, int Last) Cells(float low, float high, int stride, float offset, int count) =>
        (Math.Max(0, (int)MathF.Floor((low / stride) - offset)), Math.Min(count - 1, (int)MathF.Ceiling((high / stride) - offset)));
}
