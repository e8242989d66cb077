using System.Globalization;

namespace FocalSharp.Serving.Hosting;

/// <summary>Formats sizes for messages.</summary>
internal static class SizeFormatter
{
    /// <summary>Formats a number of bytes, for example <c>32 MiB</c>; small numbers in bytes.</summary>
    public static string FormatBytes(long bytes) => bytes < 100_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MiB");

    /// <summary>Formats a number of pixels, for example <c>50 million pixels</c>; small numbers in full.</summary>
    public static string FormatPixels(long pixels) => pixels < 100_000
        ? string.Create(CultureInfo.InvariantCulture, $"{pixels} pixels")
        : string.Create(CultureInfo.InvariantCulture, $"{pixels / 1e6:0.#} million pixels");
}
