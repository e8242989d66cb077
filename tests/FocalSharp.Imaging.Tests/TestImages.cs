namespace FocalSharp.Imaging.Tests;

/// <summary>Images and files that tests are made of.</summary>
internal static class TestImages
{
    /// <summary>Seeded noise: no two rows, columns or channels are alike.</summary>
    public static RgbImage Noise(int width, int height, int seed = 1)
    {
        RgbImage image = new(width, height);
        new Random(seed).NextBytes(image.Pixels);
        return image;
    }

    /// <summary>Every pixel of one colour.</summary>
    public static RgbImage Solid(int width, int height, RgbColor color)
    {
        RgbImage image = new(width, height);
        Fill(image, 0, 0, width, height, color);
        return image;
    }

    /// <summary>Fills whole pixels of a rectangle.</summary>
    public static void Fill(RgbImage image, int x1, int y1, int x2, int y2, RgbColor color)
    {
        for (int y = y1; y < y2; y++)
        {
            for (int x = x1; x < x2; x++)
            {
                Span<byte> pixel = image.Row(y).Slice(x * 3, 3);
                (pixel[0], pixel[1], pixel[2]) = (color.R, color.G, color.B);
            }
        }
    }

    /// <summary>The colour of a pixel.</summary>
    public static RgbColor At(RgbImage image, int x, int y)
    {
        ReadOnlySpan<byte> pixel = image.Row(y).Slice(x * 3, 3);
        return new(pixel[0], pixel[1], pixel[2]);
    }
}

/// <summary>A folder that is removed with its test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("focalsharp-imaging-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string File(string name, byte[] content)
    {
        System.IO.File.WriteAllBytes(File(name), content);
        return File(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
