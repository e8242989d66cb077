namespace FocalSharp.Runtime.Tests.Support;

/// <summary>Pictures that <see cref="TestModels.Echo"/> reads its answer from.</summary>
internal static class TestImages
{
    /// <summary>A grey picture whose first two pixels say a box, and the first's blue a score.</summary>
    public static Imaging.RgbImage WithDetections(int width, int height, byte x1, byte y1, byte x2, byte y2, byte score = 128)
    {
        Imaging.RgbImage image = new(width, height);
        Array.Fill<byte>(image.Pixels, 200);
        ReadOnlySpan<byte> said = [x1, y1, score, x2, y2, 0];
        said.CopyTo(image.Pixels);
        return image;
    }
}
