using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Serving.Uploads;

/// <summary>
/// Takes one encoded image from a stream into memory. What is no image is refused after its first bytes, what is too long
/// as soon as it is, and what claims too many pixels from its header: nothing of it is decoded.
/// </summary>
internal static class UploadReader
{
    /// <summary>
    /// Reads to the stream's end. A fault of the image is returned in it; the rest of the stream is then left unread.
    /// </summary>
    /// <param name="stream">The encoded image.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">Its bounds.</param>
    /// <param name="announced">The length that the sender announced, or null: what is too long is then refused unread.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
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
            throw new UploadException(UploadError.Missing, $"{name}: is empty (0 bytes). Send the bytes of an image file.");
        }
    }

    private static void RequireLength(long length, string name, UploadOptions options)
    {
        if (length > options.MaxImageBytes)
        {
            throw new UploadException(
                UploadError.TooManyBytes, $"{name}: is longer than the {SizeFormatter.FormatBytes(options.MaxImageBytes)} allowed for an image. Compress or tile it.");
        }
    }

    private static ImageFormat RequireFormat(ReadOnlySpan<byte> start, string name) => ImageSignature.Find(start)
        ?? throw new UploadException(
            UploadError.NotAnImage, $"{name}: is not an image that is read here: its content is neither JPEG, PNG, BMP, GIF nor WebP, whatever its name says.");

    private static ImageSize RequireSize(ReadOnlySpan<byte> encoded, string name, UploadOptions options)
    {
        ImageSize size;
        try
        {
            size = ImageDecoder.ReadSize(encoded, name: name);
        }
        catch (FocalSharpException exception)
        {
            throw new UploadException(UploadError.Damaged, $"{name}: begins as an image, but its header is damaged or cut off. Send the whole file.", exception);
        }

        if (size.Pixels > options.MaxPixels)
        {
            throw new UploadException(
                UploadError.TooManyPixels, $"{name}: {size} is more than the {SizeFormatter.FormatPixels(options.MaxPixels)} allowed. Shrink or tile it.");
        }

        return size.Width >= options.MinSide && size.Height >= options.MinSide
            ? size
            : throw new UploadException(
                UploadError.TooSmall, $"{name}: {size} pixels hold no object. Send an image of at least {options.MinSide}x{options.MinSide}.");
    }
}
