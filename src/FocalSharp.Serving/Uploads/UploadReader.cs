using System.Buffers;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Serving.Uploads;

/// <summary>
/// Takes one encoded image from a stream into rented memory. What is no image is refused after its first bytes, what is too long
/// as soon as it is, and what claims too many pixels from its header: nothing of it is decoded.
/// </summary>
internal static class UploadReader
{
    private const int FirstRent = 1 << 16;

    /// <summary>
    /// Reads to the stream's end. A fault of the image is returned in it; the rest of the stream is then left unread.
    /// </summary>
    public static async Task<UploadedImage> ReadAsync(Stream stream, string name, UploadOptions options, CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(FirstRent, Math.Max(options.MaxImageBytes + 1, ImageSignature.Length)));
        int length = 0;
        ImageFormat? format = null;
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer.AsMemory(length), cancellation)) > 0;)
            {
                length += read;
                RequireLength(length, name, options);
                format ??= length >= ImageSignature.Length ? RequireFormat(buffer.AsSpan(0, length), name) : null;
                buffer = length == buffer.Length ? Grow(buffer) : buffer;
            }

            RequireSome(length, name);
            format ??= RequireFormat(buffer.AsSpan(0, length), name);
            UploadedImage image = new(name, buffer, length, format.Value, RequireSize(buffer.AsSpan(0, length), name, options));
            buffer = [];
            return image;
        }
        catch (UploadException fault)
        {
            return new UploadedImage(name, fault);
        }
        finally
        {
            if (buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private static byte[] Grow(byte[] full)
    {
        byte[] grown = ArrayPool<byte>.Shared.Rent(checked(full.Length * 2));
        full.CopyTo(grown, 0);
        ArrayPool<byte>.Shared.Return(full);
        return grown;
    }

    private static void RequireSome(int length, string name)
    {
        if (length == 0)
        {
            throw new UploadException(UploadFault.Missing, $"{name}: is empty (0 bytes). Send the bytes of an image file.");
        }
    }

    private static void RequireLength(int length, string name, UploadOptions options)
    {
        if (length > options.MaxImageBytes)
        {
            throw new UploadException(
                UploadFault.TooManyBytes, $"{name}: is longer than the {Bytes.Mebi(options.MaxImageBytes)} allowed for an image. Compress or tile it.");
        }
    }

    private static ImageFormat RequireFormat(ReadOnlySpan<byte> start, string name) => ImageSignature.Find(start)
        ?? throw new UploadException(
            UploadFault.NotAnImage, $"{name}: is not an image that is read here: its content is neither JPEG, PNG, BMP, GIF nor WebP, whatever its name says.");

    private static ImageSize RequireSize(ReadOnlySpan<byte> encoded, string name, UploadOptions options)
    {
        ImageSize size;
        try
        {
            size = ImageDecoder.ReadSize(encoded, name: name);
        }
        catch (UserErrorException exception)
        {
            throw new UploadException(UploadFault.Damaged, $"{name}: begins as an image, but its header is damaged or cut off. Send the whole file.", exception);
        }

        if (size.Pixels > options.MaxPixels)
        {
            throw new UploadException(
                UploadFault.TooManyPixels, $"{name}: {size} is more than the {Bytes.Pixels(options.MaxPixels)} allowed. Shrink or tile it.");
        }

        return size.Width >= options.MinSide && size.Height >= options.MinSide
            ? size
            : throw new UploadException(
                UploadFault.TooSmall, $"{name}: {size} pixels hold no object. Send an image of at least {options.MinSide}x{options.MinSide}.");
    }
}
