namespace FocalSharp.Runtime.Outputs;

/// <summary>Sizes of an input's feature maps. Outputs list the locations level by level, finest first, row-major.</summary>
internal static class PyramidLevels
{
    /// <summary>Returns the size of a stride's map; every convolution of stride 2 rounds up.</summary>
    public static (int Width, int Height) GetSize(ImageSize input, int stride) =>
        ((input.Width + stride - 1) / stride, (input.Height + stride - 1) / stride);

    /// <summary>Returns the number of locations of all levels.</summary>
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
