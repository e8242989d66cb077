namespace FocalSharp.Datasets.Linting;

/// <summary>How images become the network's input.</summary>
/// <param name="LongSide">The longer side is at most this; the width of a stretched image.</param>
/// <param name="ShortSide">The shorter side is at most this; the height of a stretched image.</param>
/// <param name="Stretch">Whether images are stretched to the whole input instead of keeping their ratio.</param>
public sealed record InputFit(int LongSide, int ShortSide, bool Stretch = false)
{
    /// <summary>Factors by which an image's width and height become the input's.</summary>
    public (double X, double Y) ScaleOf(int width, int height)
    {
        if (Stretch)
        {
            return ((double)LongSide / width, (double)ShortSide / height);
        }

        double factor = Math.Min((double)LongSide / Math.Max(width, height), (double)ShortSide / Math.Min(width, height));
        return (factor, factor);
    }
}
