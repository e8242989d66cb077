using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Serving.Uploads;

/// <summary>Limits on uploads.</summary>
public sealed record UploadOptions
{
    /// <summary>Gets the defaults.</summary>
    public static UploadOptions Default { get; } = new();

    /// <summary>Gets the maximum size of an encoded image in bytes. Default 32 MiB: a 50-megapixel JPEG at full quality.</summary>
    public long MaxImageBytes { get; init; } = 32L << 20;

    /// <summary>Gets the maximum size of a request body in bytes, multipart framing included. Default 64 MiB.</summary>
    public long MaxRequestBytes { get; init; } = 64L << 20;

    /// <summary>
    /// Gets the maximum number of pixels of an image, read from its header before decoding. Default 50 million (150 MB as RGB).
    /// </summary>
    public long MaxPixels { get; init; } = 50_000_000;

    /// <summary>Gets the minimum width and height in pixels. Default 8: smaller images contain no object.</summary>
    public int MinSide { get; init; } = 8;

    /// <summary>Gets the maximum number of images per request. Default 32.</summary>
    public int MaxImages { get; init; } = 32;

    /// <summary>Gets the maximum number of images decoded at a time. Default: the number of processors.</summary>
    public int ConcurrentDecodes { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Gets the maximum number of bytes of encoded images in memory, across requests; further bytes wait for two seconds, and their request is then
    /// answered with 503. Default 256 MiB; at least <see cref="MaxRequestBytes"/>.
    /// </summary>
    public long BytesInFlight { get; init; } = 256L << 20;

    /// <summary>
    /// Gets the maximum number of pixels of decoded images in memory, across requests; further images wait encoded. Default 200 million (600 MB
    /// as RGB); at least <see cref="MaxPixels"/>.
    /// </summary>
    public long PixelsInFlight { get; init; } = 200_000_000;

    /// <summary>Returns the decoding limits for the detector, which also decodes uploads.</summary>
    public ImageDecodeOptions ToDecodeOptions() => new() { MaxBytes = MaxImageBytes, MaxPixels = MaxPixels };

    /// <summary>Throws if a limit is out of its range or conflicts with another.</summary>
    /// <exception cref="OptionException">A limit is below 1, or a total is below the limit of one image or request.</exception>
    public void Validate()
    {
        Require(MaxImageBytes >= 1, $"MaxImageBytes {MaxImageBytes}: must be at least 1.");
        Require(MaxPixels >= 1, $"MaxPixels {MaxPixels}: must be at least 1.");
        Require(MinSide >= 1, $"MinSide {MinSide}: must be at least 1 pixel.");
        Require(MaxImages >= 1, $"MaxImages {MaxImages}: must be at least 1.");
        Require(ConcurrentDecodes >= 1, $"ConcurrentDecodes {ConcurrentDecodes}: must be at least 1.");
        Require(MaxRequestBytes >= MaxImageBytes, $"MaxRequestBytes {MaxRequestBytes}: must be at least MaxImageBytes ({MaxImageBytes}).");
        Require(BytesInFlight >= MaxRequestBytes, $"BytesInFlight {BytesInFlight}: must be at least MaxRequestBytes ({MaxRequestBytes}).");
        Require(PixelsInFlight >= MaxPixels, $"PixelsInFlight {PixelsInFlight}: must be at least MaxPixels ({MaxPixels}).");
    }

    private static void Require(bool condition, string error) => OptionException.ThrowUnless(condition, $"Upload limits: {error}");
}
