using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Runtime.Outputs;

/// <summary>The feature maps of an input, finest first: their locations follow each other in outputs, row-major.</summary>
internal static class PyramidLevels
{
    /// <summary>Size of the map of a stride: every convolution of stride 2 rounds up.</summary>
    public static (int Width, int Height) GetSize(ImageSize input, int stride) =>
        ((input.Width + stride - 1) / stride, (input.Height + stride - 1) / stride);

    /// <summary>Locations of all levels.</summary>
    public static int CountPoints(ImageSize input, IReadOnlyList<int> strides)
    {
        int points = 0;
        foreach (int stride in strides)
        {
            (int width, int height) = GetSize(input, stride);
            points = checked(points + (width * height));
        }

        return points;
    }
}
