using FocalSharp.Boxes;
using FocalSharp.Detections;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>
/// Pastes objects of one sample into free places of another (arXiv 1902.07296, section 3.3). Objects are cut out by their boxes, so their
/// borders are feathered: the network would learn hard ones.
/// </summary>
internal static class CopyPaste
{
    /// <summary>Factor on the size that an object would have on the canvas, uniform.</summary>
    private const double MinScale = 0.75;
    private const double MaxScale = 1.35;

    /// <summary>Pixels around an object's box over which it fades out.</summary>
    private const int FeatherWidth = 4;

    /// <summary>Attempts to place an object before it is left out.</summary>
    private const int MaxAttempts = 12;

    /// <summary>Maximum fraction of an object that others may cover, or that it may cover of others.</summary>
    private const double MaxCoveredFraction = 0.3;

    /// <summary>Pastes 1 to <see cref="AugmentationOptions.CopyPasteMax"/> objects, fewer if there is no space.</summary>
    /// <param name="sample">The composed sample; its pixels are changed in place.</param>
    /// <param name="other">The decoded sample that objects are cut from.</param>
    /// <param name="options">How many, mirrored how often, how small they may become.</param>
    /// <param name="random">The sample's random numbers.</param>
    public static TrainingSample Apply(TrainingSample sample, TrainingSample other, AugmentationOptions options, ref AugmentationRandom random)
    {
        int wanted = 1 + random.NextInt(options.CopyPasteMax);
        if (other.Count == 0)
        {
            return sample;
        }

        RgbImage canvas = sample.Image;
        ResizeTransform frame = options.GetFitTransform(other.Image.Width, other.Image.Height, canvas.Width, canvas.Height);
        List<Box> boxes = [.. sample.Boxes];
        List<int> labels = [.. sample.Labels];
        double[] covered = new double[sample.Count + wanted];
        for (int i = 0; i < wanted; i++)
        {
            int chosen = random.NextInt(other.Count);
            double scale = random.Uniform(MinScale, MaxScale);
            AffineTransform shape = AffineTransform.Scale(frame.ScaleX * scale, frame.ScaleY * scale);
            shape = random.Chance(options.HorizontalFlip) ? shape.Then(AffineTransform.FlipHorizontal(0)) : shape;
            shape = random.Chance(options.VerticalFlip) ? shape.Then(AffineTransform.FlipVertical(0)) : shape;
            Box cut = shape.Apply(other.Boxes[chosen]);
            if (cut.Width < Math.Max(options.MinBoxSide, 1) || cut.Height < Math.Max(options.MinBoxSide, 1)
                || FindPosition(cut, boxes, covered, canvas, ref random) is not { } place)
            {
                continue;
            }

            Paste(other.Image, canvas, shape.Then(AffineTransform.Translate(place.X1 - cut.X1, place.Y1 - cut.Y1)), place);
            for (int k = 0; k < boxes.Count; k++)
            {
                covered[k] += BoxIou.Intersection(boxes[k], place);
            }

            boxes.Add(place);
            labels.Add(other.Labels[chosen]);
        }

        return new TrainingSample(canvas, [.. boxes], [.. labels]);
    }

    private static Box? FindPosition(Box cut, List<Box> boxes, double[] covered, RgbImage canvas, ref AugmentationRandom random)
    {
        if (cut.Width > canvas.Width || cut.Height > canvas.Height)
        {
            return null;
        }

        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            float x = (float)random.Uniform(0, canvas.Width - cut.Width);
            float y = (float)random.Uniform(0, canvas.Height - cut.Height);
            Box place = new(x, y, x + cut.Width, y + cut.Height);
            double own = 0;
            bool free = true;
            for (int k = 0; k < boxes.Count && free; k++)
            {
                double overlap = BoxIou.Intersection(boxes[k], place);
                own += overlap;
                free = own <= MaxCoveredFraction * place.Area && covered[k] + overlap <= MaxCoveredFraction * boxes[k].Area;
            }

            if (free)
            {
                return place;
            }
        }

        return null;
    }

    private static void Paste(RgbImage source, RgbImage canvas, AffineTransform transform, Box place)
    {
        // Only inside the source: its border has no surroundings to fade into.
        Box reach = transform.Apply(new Box(0, 0, source.Width, source.Height));
        int left = Math.Max(0, (int)MathF.Ceiling(MathF.Max(place.X1 - FeatherWidth, reach.X1)));
        int top = Math.Max(0, (int)MathF.Ceiling(MathF.Max(place.Y1 - FeatherWidth, reach.Y1)));
        int right = Math.Min(canvas.Width, (int)MathF.Floor(MathF.Min(place.X2 + FeatherWidth, reach.X2)));
        int bottom = Math.Min(canvas.Height, (int)MathF.Floor(MathF.Min(place.Y2 + FeatherWidth, reach.Y2)));
        if (right <= left || bottom <= top)
        {
            return;
        }

        RgbImage patch = new(right - left, bottom - top);
        AffineSampler.Warp(source, patch, transform.Then(AffineTransform.Translate(-left, -top)), RgbColor.Black);
        for (int y = 0; y < patch.Height; y++)
        {
            ReadOnlySpan<byte> from = patch.Row(y);
            Span<byte> to = canvas.Row(top + y).Slice(left * 3, patch.Width * 3);
            float outsideY = DistanceOutside(top + y + 0.5f, place.Y1, place.Y2);
            for (int x = 0; x < patch.Width; x++)
            {
                float outside = MathF.Max(outsideY, DistanceOutside(left + x + 0.5f, place.X1, place.X2));
                int share = (int)(256 * Math.Clamp(1 - (outside / (FeatherWidth + 1)), 0, 1));
                for (int c = 3 * x; c < (3 * x) + 3; c++)
                {
                    to[c] = (byte)(((from[c] * share) + (to[c] * (256 - share)) + 128) >> 8);
                }
            }
        }
    }

    private static float DistanceOutside(float at, float low, float high) => MathF.Max(0, MathF.Max(low - at, at - high));
}
