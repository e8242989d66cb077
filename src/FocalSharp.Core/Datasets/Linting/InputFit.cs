namespace FocalSharp.Datasets.Linting;

/// <summary>How images are resized to the network's input.</summary>
/// <param name="LongSide">Maximum of the longer side; the width if images are stretched.</param>
/// <param name="ShortSide">Maximum of the shorter side; the height if images are stretched.</param>
/// <param name="Stretch">Whether images are stretched to the whole input instead of preserving their aspect ratio.</param>
internal sealed record InputFit(int LongSide, int ShortSide, bool Stretch = false)
{
    /// <summary>Returns the factors that convert an image's width and height to the input size.</summary>
    public (double X, double Y) ScaleOf(int width, int height)
    {
        if (Stretch)
        {
            return ((double)LongSide / width, (double)ShortSide / height);
        }

        double factor = new ImageSize(width, height).GetKeepRatioScale(LongSide, ShortSide);
        return (factor, factor);
    }
}
