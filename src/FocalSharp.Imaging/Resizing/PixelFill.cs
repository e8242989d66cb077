namespace FocalSharp.Imaging.Resizing;

/// <summary>Fills rectangles of an image with one color.</summary>
internal static class PixelFill
{
    public static void All(RgbImage image, RgbColor color) => Rectangle(image, 0, 0, image.Width, image.Height, color);

    public static void Rectangle(RgbImage image, int x, int y, int width, int height, RgbColor color)
    {
        if (width <= 0 || height <= 0)
        {
            return;
        }

        Span<byte> first = image.Row(y).Slice(x * 3, width * 3);
        Row(first, color);
        for (int line = y + 1; line < y + height; line++)
        {
            first.CopyTo(image.Row(line)[(x * 3)..]);
        }
    }

    public static void Row(Span<byte> pixels, RgbColor color)
    {
        if (color.R == color.G && color.G == color.B)
        {
            pixels.Fill(color.R);
            return;
        }

        for (int i = 0; i < pixels.Length; i += 3)
        {
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (color.R, color.G, color.B);
        }
    }
}
