using FocalSharp.Boxes;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>Transforms boxes and drops those that are barely visible.</summary>
internal static class BoxMapping
{
    /// <summary>Adds the boxes that remain visible in a region to a sample being composed.</summary>
    public static void AddVisible(
        TrainingSample sample, AffineTransform transform, PixelRegion region, AugmentationOptions options, List<Box> boxes, List<int> labels)
    {
        for (int i = 0; i < sample.Count; i++)
        {
            Box whole = transform.Apply(sample.Boxes[i]);
            Box visible = region.Clip(whole);
            if (!visible.IsEmpty && visible.Width >= options.MinBoxSide && visible.Height >= options.MinBoxSide
                && visible.Area >= options.MinVisibleArea * whole.Area)
            {
                boxes.Add(visible);
                labels.Add(sample.Labels[i]);
            }
        }
    }
}
