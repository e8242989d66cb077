namespace FocalSharp.Imaging.Resizing;

/// <summary>Computes sizes that keep an image's aspect ratio: the one rule for resizing, letterboxing and multi-scale training.</summary>
internal static class KeepRatio
{
    /// <summary>
    /// Returns the largest size whose long side is at most the scale's larger and whose short side is at most its smaller number,
    /// rounded half up: <c>f = min(L / max(w, h), S / min(w, h))</c>, as the official pipeline's Resize with scale
    /// (1333, 800) computes it. A side never falls below 1.
    /// </summary>
    /// <param name="width">Width of the image.</param>
    /// <param name="height">Height of the image.</param>
    /// <param name="scale">The limits of the long and the short side, in any order.</param>
    public static ImageSize GetSize(int width, int height, (int Long, int Short) scale)
    {
        (int longSide, int shortSide) = (Math.Max(scale.Long, scale.Short), Math.Min(scale.Long, scale.Short));
        return ScaleSize(width, height, new ImageSize(width, height).GetKeepRatioScale(longSide, shortSide));
    }

    /// <summary>Returns the largest size that fits into a canvas, rounded half up; a side never falls below 1.</summary>
    /// <param name="width">Width of the image.</param>
    /// <param name="height">Height of the image.</param>
    /// <param name="canvasWidth">Width of the canvas.</param>
    /// <param name="canvasHeight">Height of the canvas.</param>
    public static ImageSize Fit(int width, int height, int canvasWidth, int canvasHeight)
    {
        ImageSize size = ScaleSize(width, height, Math.Min((double)canvasWidth / width, (double)canvasHeight / height));
        return new(Math.Min(size.Width, canvasWidth), Math.Min(size.Height, canvasHeight));
    }

    private static ImageSize ScaleSize(int width, int height, double factor) =>
        new(Math.Max(1, (int)((width * factor) + 0.5)), Math.Max(1, (int)((height * factor) + 0.5)));
}
