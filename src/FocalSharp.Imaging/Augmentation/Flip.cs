using FocalSharp.Boxes;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>Flips images and boxes: <c>x → width − x</c>, <c>y → height − y</c>.</summary>
internal static class Flip
{
    /// <summary>Flips a sample horizontally.</summary>
    public static TrainingSample Horizontal(TrainingSample sample) => sample with
    {
        Image = Horizontal(sample.Image),
        Boxes = Array.ConvertAll(sample.Boxes, box => Horizontal(box, sample.Image.Width)),
    };

    /// <summary>Flips a sample vertically.</summary>
    public static TrainingSample Vertical(TrainingSample sample) => sample with
    {
        Image = Vertical(sample.Image),
        Boxes = Array.ConvertAll(sample.Boxes, box => Vertical(box, sample.Image.Height)),
    };

    /// <summary>Flips an image horizontally.</summary>
    public static RgbImage Horizontal(RgbImage image)
    {
        RgbImage mirrored = new(image.Width, image.Height);
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<byte> from = image.Row(y);
            Span<byte> to = mirrored.Row(y);
            for (int i = 0, j = from.Length - 3; j >= 0; i += 3, j -= 3)
            {
                to[j + 2] = from[i + 2];
                to[j + 1] = from[i + 1];
                to[j] = from[i];
            }
        }

        return mirrored;
    }

    /// <summary>Flips an image vertically.</summary>
    public static RgbImage Vertical(RgbImage image)
    {
        RgbImage mirrored = new(image.Width, image.Height);
        for (int y = 0; y < image.Height; y++)
        {
            image.Row(y).CopyTo(mirrored.Row(image.Height - 1 - y));
        }

        return mirrored;
    }

    /// <summary>Flips a box horizontally in an image of a width.</summary>
    public static Box Horizontal(Box box, int width) => box with { X1 = width - box.X2, X2 = width - box.X1 };

    /// <summary>Flips a box vertically in an image of a height.</summary>
    public static Box Vertical(Box box, int height) => box with { Y1 = height - box.Y2, Y2 = height - box.Y1 };

    /// <summary>Flips the top-left part of an image in place.</summary>
    internal static void InPlace(RgbImage image, int width, int height, bool horizontal, bool vertical)
    {
        for (int y = 0; horizontal && y < height; y++)
        {
            Span<byte> row = image.Row(y)[..(width * 3)];
            row.Reverse();
            for (int i = 0; i < row.Length; i += 3)
            {
                (row[i], row[i + 2]) = (row[i + 2], row[i]);
            }
        }

        byte[] buffer = vertical ? new byte[width * 3] : [];
        for (int y = 0; vertical && y < height / 2; y++)
        {
            Span<byte> upper = image.Row(y)[..(width * 3)];
            Span<byte> lower = image.Row(height - 1 - y)[..(width * 3)];
            upper.CopyTo(buffer);
            lower.CopyTo(upper);
            buffer.CopyTo(lower);
        }
    }
}
