using FocalSharp.Datasets.Files;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Serving.Hosting;

namespace FocalSharp.Serving.Uploads;

/// <summary>
/// Reads an encoded image into memory without decoding it. An unsupported format is rejected after the first bytes, too many bytes as soon as
/// they arrive, and too many pixels from the header.
/// </summary>
internal static class UploadReader
{
    /// <summary>
    /// Reads to the end of the stream. If the image is rejected, the result carries the error and the rest of the stream is not read.
    /// </summary>
    /// <param name="stream">The encoded image.</param>
    /// <param name="name">The name for messages.</param>
    /// <param name="options">The limits.</param>
    /// <param name="announced">The length that the client announced, or null; a length above the limit is rejected before reading.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<UploadedImage> ReadAsync(
        Stream stream, string name, UploadOptions options, long? announced, CancellationToken cancellationToken)
    {
        UploadBuffer buffer = new((int)Math.Min(options.MaxImageBytes + 1, Array.MaxLength));
        ImageFormat? format = null;
        try
        {
            RequireLength(announced ?? 0, name, options);
            while (await buffer.ReadFromAsync(stream, cancellationToken))
            {
                RequireLength(buffer.Length, name, options);
                format ??= buffer.Length >= ImageSignature.Length ? RequireFormat(buffer.Bytes.Span, name) : null;
            }

            RequireNotEmpty(buffer.Length, name);
            format ??= RequireFormat(buffer.Bytes.Span, name);
            return new UploadedImage(name, buffer, format.Value, RequireSize(buffer.Bytes.Span, name, options));
        }
        catch (UploadException error)
        {
            buffer.Dispose();
            return new UploadedImage(name, error);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static void RequireNotEmpty(int length, string name)
    {
        if (length == 0)
        {
            throw new UploadException(UploadError.Missing, $"{name}: empty (0 bytes). Send the contents of an image file.");
        }
    }

    private static void RequireLength(long length, string name, UploadOptions options)
    {
        if (length > options.MaxImageBytes)
        {
            throw new UploadException(
                UploadError.TooManyBytes, $"{name}: larger than the maximum of {SizeFormatter.FormatBytes(options.MaxImageBytes)} for an image. Compress or tile it.");
        }
    }

    private static ImageFormat RequireFormat(ReadOnlySpan<byte> start, string name) => ImageSignature.Find(start) switch
    {
        null => throw new UploadException(
            UploadError.NotAnImage,
            $"{name}: not an image in a supported format ({ImageHeader.FormatNames}). The format is detected from the content, not from the name."),
        ImageFormat.Heic or ImageFormat.Avif when HeifDecoder.Decoder is null => throw new UploadException(
            UploadError.NotAnImage, $"{name}: this service does not decode HEIC and AVIF. Send the image as JPEG or PNG."),
        var format => format.Value,
    };

    private static ImageSize RequireSize(ReadOnlySpan<byte> encoded, string name, UploadOptions options)
    {
        ImageSize size;
        try
        {
            size = ImageDecoder.ReadSize(encoded, name: name);
        }
        catch (FocalSharpException exception)
        {
            throw new UploadException(UploadError.Damaged, $"{name}: the image header is damaged or truncated. Send the whole file.", exception);
        }

        if (size.Pixels > options.MaxPixels)
        {
            throw new UploadException(
                UploadError.TooManyPixels, $"{name}: {size} is larger than the maximum of {SizeFormatter.FormatPixels(options.MaxPixels)}. Resize or tile it.");
        }

        return size.Width >= options.MinSide && size.Height >= options.MinSide
            ? size
            : throw new UploadException(
                UploadError.TooSmall, $"{name}: {size} is too small. Send an image of at least {options.MinSide}x{options.MinSide} pixels.");
    }
}
