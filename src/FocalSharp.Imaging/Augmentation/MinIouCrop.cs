using FocalSharp.Boxes;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>
/// SSD's random crop (arXiv 1512.02325, section 2.2): draws a minimum IoU, then tries crops until one contains the center of a box and has
/// at least that IoU with every box whose center it contains. Boxes with their center outside are dropped.
/// </summary>
internal static class MinIouCrop
{
    private const int MaxAttempts = 50;
    private static readonly double[] MinIous = [0, 0.1, 0.3, 0.5, 0.7, 0.9];

    /// <summary>Draws a crop; the whole image if none is found.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="random">The sample's random numbers.</param>
    /// <returns>The crop in pixels of the image: between 0.3 and 1 of either side, aspect within 1:2 and 2:1.</returns>
    public static PixelRegion Sample(TrainingSample sample, ref AugmentationRandom random)
    {
        (int width, int height) = (sample.Image.Width, sample.Image.Height);
        PixelRegion whole = PixelRegion.FromImage(sample.Image);
        int pick = random.NextInt(MinIous.Length + 1);
        if (pick == MinIous.Length)
        {
            return whole;
        }

        for (int i = 0; i < MaxAttempts; i++)
        {
            int w = Math.Max(1, (int)(width * random.Uniform(0.3, 1)));
            int h = Math.Max(1, (int)(height * random.Uniform(0.3, 1)));
            PixelRegion crop = new(random.NextInt(width - w + 1), random.NextInt(height - h + 1), w, h);
            if (w <= 2 * h && h <= 2 * w && Accepts(crop.Box, sample.Boxes, MinIous[pick]))
            {
                return crop;
            }
        }

        return whole;
    }

    /// <summary>Returns the sample with only the boxes whose center a crop contains.</summary>
    public static TrainingSample FilterBoxesByCenter(TrainingSample sample, PixelRegion crop)
    {
        int[] retained = [.. Enumerable.Range(0, sample.Count).Where(i => ContainsCenter(crop.Box, sample.Boxes[i]))];
        return sample with { Boxes = [.. retained.Select(i => sample.Boxes[i])], Labels = [.. retained.Select(i => sample.Labels[i])] };
    }

    private static bool Accepts(Box crop, Box[] boxes, double min)
    {
        bool containsOne = boxes.Length == 0;
        foreach (Box box in boxes)
        {
            if (ContainsCenter(crop, box))
            {
                containsOne = true;
                double shared = new Box(
                    Math.Max(crop.X1, box.X1), Math.Max(crop.Y1, box.Y1), Math.Min(crop.X2, box.X2), Math.Min(crop.Y2, box.Y2)).Area;
                if (shared < min * (crop.Area + box.Area - shared))
                {
                    return false;
                }
            }
        }

        return containsOne;
    }

    private static bool ContainsCenter(Box crop, Box box) =>
        box.CenterX > crop.X1 && box.CenterX < crop.X2 && box.CenterY > crop.Y1 && box.CenterY < crop.Y2;
}
