using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace FocalSharp.Explorer.Hosting;

/// <summary>An embedded file, with its compressed forms, each made once when it is first asked for.</summary>
internal sealed class Asset
{
    private readonly Lazy<byte[]> _content;
    private readonly Lazy<byte[]> _brotli;
    private readonly Lazy<byte[]> _gzip;

    private Asset(string name, Lazy<byte[]> content, Lazy<byte[]> brotli, string hash)
    {
        (Name, _content, _brotli, Hash) = (name, content, brotli, hash);
        _gzip = new Lazy<byte[]>(() => Compress(stream => new GZipStream(stream, CompressionLevel.SmallestSize)));
        ContentType = GetContentType(name);
    }

    /// <summary>Gets the path below <c>wwwroot</c>, for example <c>js/formulas.js</c>.</summary>
    public string Name { get; }

    /// <summary>Gets the media type.</summary>
    public string ContentType { get; }

    /// <summary>Gets a hash of the content, for entity tags and versions.</summary>
    public string Hash { get; }

    /// <summary>Gets the bytes.</summary>
    public byte[] Content => _content.Value;

    /// <summary>Gets the bytes compressed with Brotli.</summary>
    public byte[] Brotli => _brotli.Value;

    /// <summary>Gets the bytes compressed with gzip.</summary>
    public byte[] Gzip => _gzip.Value;

    /// <summary>Gets the content as UTF-8 text.</summary>
    public string Text => Encoding.UTF8.GetString(Content);

    /// <summary>Returns an asset of a file that is embedded as it is.</summary>
    public static Asset FromContent(string name, byte[] content)
    {
        Asset? asset = null;
        asset = new Asset(
            name,
            new Lazy<byte[]>(content),
            new Lazy<byte[]>(() => asset!.Compress(stream => new BrotliStream(stream, CompressionLevel.SmallestSize))),
            ComputeHash(content));
        return asset;
    }

    /// <summary>Returns an asset of a file that is embedded compressed with Brotli.</summary>
    public static Asset FromBrotli(string name, byte[] compressed) =>
        new(name, new Lazy<byte[]>(() => Decompress(compressed)), new Lazy<byte[]>(compressed), ComputeHash(compressed));

    private static string ComputeHash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..20];

    private byte[] Compress(Func<Stream, Stream> createStream)
    {
        using MemoryStream compressed = new();
        using (Stream stream = createStream(compressed))
        {
            stream.Write(Content);
        }

        return compressed.ToArray();
    }

    private static byte[] Decompress(byte[] compressed)
    {
        using BrotliStream stream = new(new MemoryStream(compressed), CompressionMode.Decompress);
        using MemoryStream content = new();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static string GetContentType(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" or ".mjs" => "text/javascript; charset=utf-8",
        ".png" => "image/png",
        ".svg" => "image/svg+xml",
        ".wasm" => "application/wasm",
        _ => "text/html; charset=utf-8",
    };
}
