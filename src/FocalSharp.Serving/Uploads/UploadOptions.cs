namespace FocalSharp.Serving.Uploads;

/// <summary>Bounds on what strangers may send.</summary>
public sealed record UploadOptions
{
    /// <summary>The defaults.</summary>
    public static UploadOptions Default { get; } = new();

    /// <summary>Most bytes of one encoded image. Default 32 MiB: a 50-megapixel camera's JPEG at full quality.</summary>
    public long MaxImageBytes { get; init; } = 32L << 20;

    /// <summary>Most bytes of one request's body, multipart framing included. Default 64 MiB.</summary>
    public long MaxRequestBytes { get; init; } = 64L << 20;

    /// <summary>
    /// Most pixels of one image, read from its header before any pixel is decoded. Default 50 million (150 MB as RGB).
    /// </summary>
    public long MaxPixels { get; init; } = 50_000_000;

    /// <summary>Least width and height in pixels. Default 8: less holds no object.</summary>
    public int MinSide { get; init; } = 8;

    /// <summary>Most images of one request. Default 32.</summary>
    public int MaxImages { get; init; } = 32;

    /// <summary>Most images decoded at one time. Default: one a processor.</summary>
    public int ConcurrentDecodes { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Most bytes of encoded images held at one time over all requests; further requests wait before their body is read. Default
    /// 256 MiB, at least <see cref="MaxRequestBytes"/>.
    /// </summary>
    public long BytesInFlight { get; init; } = 256L << 20;

    /// <summary>
    /// Most pixels of decoded images held at one time over all requests; further images wait encoded. Default 200 million (600 MB as
    /// RGB), at least <see cref="MaxPixels"/>.
    /// </summary>
    public long PixelsInFlight { get; init; } = 200_000_000;

    /// <summary>Throws where a bound contradicts another.</summary>
    /// <exception cref="FocalSharpException">A bound is below 1, or one that holds many is below one that holds one.</exception>
    public void Validate()
    {
        Require(MaxImageBytes >= 1, $"at most {MaxImageBytes} bytes an image lets nothing pass; allow at least 1.");
        Require(MaxPixels >= 1, $"at most {MaxPixels} pixels an image lets nothing pass; allow at least 1.");
        Require(MinSide >= 1, $"a least side of {MinSide} px is none; take at least 1.");
        Require(MaxImages >= 1, $"at most {MaxImages} images a request lets nothing pass; allow at least 1.");
        Require(ConcurrentDecodes >= 1, $"{ConcurrentDecodes} decodes at one time is none; allow at least 1.");
        Require(MaxRequestBytes >= MaxImageBytes, $"a request of at most {MaxRequestBytes} bytes cannot hold an image of {MaxImageBytes}.");
        Require(BytesInFlight >= MaxRequestBytes, $"{BytesInFlight} bytes in flight cannot hold a request of {MaxRequestBytes}.");
        Require(PixelsInFlight >= MaxPixels, $"{PixelsInFlight} pixels in flight cannot hold an image of {MaxPixels}.");
    }

    private static void Require(bool condition, string error) => OptionException.ThrowUnless(condition, $"upload limits: {error}");
}
