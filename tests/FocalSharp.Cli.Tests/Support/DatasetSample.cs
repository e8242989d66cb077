namespace FocalSharp.Cli.Tests.Support;

/// <summary>A temporary folder with small data sets.</summary>
internal sealed class DatasetSample : IDisposable
{
    // 1x1 pixel, black.
    private static readonly byte[] Bitmap1x1 = [0x42, 0x4D, 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, .. new byte[24], 0, 0, 0, 0];

    public string Path { get; } = Directory.CreateTempSubdirectory("focalsharp-cli-").FullName;

    public string PathOf(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>A YOLO data set of two 64x48 images, one brighter to the right and one brighter to the bottom, the second without objects.</summary>
    public string Yolo(string labels = "0 0.5 0.5 0.5 0.5\n1 0.25 0.25 0.2 0.3\n")
    {
        string root = PathOf("yolo");
        Write("yolo/images/train/a.bmp", Shaded(64, 48, (x, y) => x * 3));
        Write("yolo/images/val/b.bmp", Shaded(64, 48, (x, y) => (y * 4) + (x % 16)));
        Write("yolo/labels/train/a.txt", System.Text.Encoding.UTF8.GetBytes(labels));
        Write("yolo/labels/val/b.txt", []);
        Write("yolo/data.yaml", "train: images/train\nval: images/val\nnames: [cat, dog]\n"u8.ToArray());
        return root;
    }

    /// <summary>A YOLO data set with labeled objects in both splits.</summary>
    public string Labeled()
    {
        string root = Yolo();
        for (int i = 0; i < 3; i++)
        {
            Write($"yolo/images/train/more{i}.bmp", DatasetSample.Bitmap(64, 64));
            Write($"yolo/labels/train/more{i}.txt", "1 0.5 0.5 0.6 0.6\n");
        }

        Write("yolo/labels/val/b.txt", "0 0.5 0.5 0.5 0.5\n");
        return root;
    }

    public string Write(string name, byte[] bytes)
    {
        string path = PathOf(name.Split('/'));
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>A black 24-bit BMP; only the header if <paramref name="headerOnly"/>, so that it can declare any size.</summary>
    public static byte[] Bitmap(int width, int height, bool headerOnly = false)
    {
        long stride = ((width * 3L) + 3) / 4 * 4;
        byte[] bytes = new byte[headerOnly ? 54 : 54 + (stride * height)];
        Bitmap1x1.AsSpan(0, 54).CopyTo(bytes);
        BitConverter.TryWriteBytes(bytes.AsSpan(2), (uint)Math.Min(uint.MaxValue, 54 + (stride * height)));
        BitConverter.TryWriteBytes(bytes.AsSpan(18), width);
        BitConverter.TryWriteBytes(bytes.AsSpan(22), height);
        return bytes;
    }

    /// <summary>A gray 24-bit BMP whose brightness is a function of the position.</summary>
    public static byte[] Shaded(int width, int height, Func<int, int, int> brightness)
    {
        byte[] bytes = Bitmap(width, height);
        int stride = ((width * 3) + 3) / 4 * 4;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                // Rows are stored from the bottom up.
                bytes.AsSpan(54 + ((height - 1 - y) * stride) + (x * 3), 3).Fill((byte)brightness(x, y));
            }
        }

        return bytes;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
