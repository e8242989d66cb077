using System.Globalization;

namespace FocalSharp.Serving.Uploads;

/// <summary>Words for amounts in messages.</summary>
internal static class SizeFormatter
{
    /// <summary>As <c>32 MiB</c>, or in bytes below a tenth of one.</summary>
    public static string FormatBytes(long bytes) => bytes < 100_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MiB");

    /// <summary>As <c>50 million pixels</c>, or in full below a tenth of one.</summary>
    public static string FormatPixels(long pixels) => pixels < 100_000
        ? string.Create(CultureInfo.InvariantCulture, $"{pixels} pixels")
        : string.Create(CultureInfo.InvariantCulture, $"{pixels / 1e6:0.#} million pixels");
}
