using BitMiracle.LibTiff.Classic;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Imaging.Codecs;

/// <summary>
/// Decodes the first full-size page of a TIFF file: gray, RGB, palette, CMYK, YCbCr and CIE L*a*b*; 1 to 64 bits, integer or floating point;
/// strips, which are read row by row, or tiles. Reading goes through LibTiff.NET.
/// </summary>
internal static unsafe class TiffDecoder
{
    static TiffDecoder() => Tiff.SetErrorHandler(new SilentErrorHandler());

    /// <summary>Decodes all pixels.</summary>
    public static void Decode(
        ReadOnlySpan<byte> encoded, ImageHeaderInfo info, Span<byte> pixels, int bytesPerPixel, string name, ImageDecodeOptions options)
    {
        fixed (byte* bytes = encoded)
        {
            using UnmanagedMemoryStream stream = new(bytes, encoded.Length);
            using Tiff tiff = Open(stream, info, name);
            TiffLayout layout = TiffLayout.Read(tiff, name);
            pixels.Clear();
            bool isComplete;
            try
            {
                isComplete = layout.UsesLibraryColors
                    ? TiffPixels.ReadByLibrary(tiff, info, pixels, bytesPerPixel)
                    : TiffPixels.Read(
                        tiff, layout, info.StoredSize, GetRange(tiff, layout, info.StoredSize, options), 0, info.StoredSize.Height, pixels, bytesPerPixel);
            }
            catch (Exception exception) when (IsCausedByContent(exception))
            {
                isComplete = false;
            }

            if (!isComplete && !options.AllowTruncated)
            {
                throw CreateDamagedException(name);
            }

            if (options.ConvertColors && info is { HasColorProfile: true, IsCmyk: false } && tiff.GetField(TiffTag.ICCPROFILE) is [_, var profile, ..])
            {
                SkiaLibrary.Check.EnsureLoaded();
                ColorProfile.ConvertToSrgb(pixels, info.StoredSize.Width, bytesPerPixel, profile.ToByteArray());
            }
        }
    }

    /// <summary>Returns the range of the color samples; null if it cannot be read.</summary>
    public static SampleRange? MeasureRange(ReadOnlySpan<byte> encoded, ImageHeaderInfo info, string name)
    {
        fixed (byte* bytes = encoded)
        {
            using UnmanagedMemoryStream stream = new(bytes, encoded.Length);
            using Tiff tiff = Open(stream, info, name);
            TiffLayout layout = TiffLayout.Read(tiff, name);
            try
            {
                return layout.UsesLibraryColors ? null : TiffPixels.MeasureRange(tiff, layout, info.StoredSize);
            }
            catch (Exception exception) when (IsCausedByContent(exception))
            {
                throw CreateDamagedException(name);
            }
        }
    }

    /// <summary>Returns the samples that become black and white; where the values decide, they are read.</summary>
    public static SampleRange GetRange(Tiff tiff, TiffLayout layout, ImageSize size, ImageDecodeOptions options)
    {
        if (!layout.NeedsRange && (!options.StretchRange || layout.BitsPerSample <= 8))
        {
            return layout.NominalRange;
        }

        SampleRange measured = TiffPixels.MeasureRange(tiff, layout, size);
        return options.StretchRange ? measured : measured.ToNominal(layout.IsFloat);
    }

    /// <summary>Opens a file at the page of its header.</summary>
    public static Tiff Open(Stream stream, ImageHeaderInfo info, string name)
    {
        TiffLayout.RequireChannels(info.Channels, TiffLayout.MaxChannels, name); // the library's tables grow with them
        Tiff? tiff = null;
        try
        {
            tiff = Tiff.ClientOpen("image", "r", stream, new TiffStream());
            if (tiff is not null && tiff.SetDirectory((short)info.Directory) && HasPlausibleParts(tiff, stream.Length))
            {
                return tiff;
            }
        }
        catch (Exception exception) when (IsCausedByContent(exception))
        {
            // Reported below.
        }

        tiff?.Dispose();
        throw CreateDamagedException(name);
    }

    // The library allocates the bytes that a strip or tile claims to have before it reads them.
    private static bool HasPlausibleParts(Tiff tiff, long length)
    {
        int parts = tiff.IsTiled() ? tiff.NumberOfTiles() : tiff.NumberOfStrips();
        for (int i = 0; i < parts; i++)
        {
            if (tiff.RawStripSize(i) is var bytes && (bytes < 0 || bytes > length))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Returns whether an error is one of the file: the library reports a malformed file in its own way or runs into it.</summary>
    public static bool IsCausedByContent(Exception exception) => exception is not (ImageException or StackOverflowException or ThreadInterruptedException);

    /// <summary>Describes a damaged file.</summary>
    public static ImageException CreateDamagedException(string name) =>
        new($"{name}: the TIFF image is damaged or truncated. Copy it again from its source, or remove it.");

    private sealed class SilentErrorHandler : TiffErrorHandler
    {
        public override void WarningHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void WarningHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }

        public override void ErrorHandler(Tiff tif, string method, string format, params object[] args)
        {
        }

        public override void ErrorHandlerExt(Tiff tif, object clientData, string method, string format, params object[] args)
        {
        }
    }
}
