using System.Buffers.Binary;

namespace FocalSharp.Core.Tests.Datasets;

/// <summary>A temporary folder with hand-made files; removed with the test.</summary>
internal sealed class TestFolder : IDisposable
{
    public TestFolder() => Path = Directory.CreateTempSubdirectory("focalsharp-").FullName;

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public TestFolder Text(string name, string text)
    {
        Make(name);
        File.WriteAllText(this[name], text);
        return this;
    }

    public TestFolder Bytes(string name, byte[] bytes)
    {
        Make(name);
        File.WriteAllBytes(this[name], bytes);
        return this;
    }

    /// <summary>A file with the header of a PNG of the given size.</summary>
    public TestFolder Image(string name, int width = 100, int height = 80) => Bytes(name, Png(width, height));

    public static byte[] Png(int width, int height)
    {
        byte[] bytes = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R', .. new byte[17]];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), height);
        return bytes;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private void Make(string name) => Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
}
