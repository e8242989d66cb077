using System.Buffers.Binary;
using System.Security.Cryptography;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Linting;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Codecs.Rows;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Imaging.Hashing;

/// <summary>
/// Computes fingerprints of images: the hash of the file, and a perceptual hash and a thumbnail of the decoded image. A JPEG is decoded at
/// down to an eighth of its size, which still reads the whole file, so that damage is detected.
/// </summary>
internal static class Fingerprinter
{
    private const int Side = PerceptualHash.Side;
    private const int ThumbnailSide = ImageFingerprint.ThumbnailSide;

    /// <summary>Computes the fingerprints of images, in order, on all cores; one image per core is in memory at a time.</summary>
    /// <param name="images">The images.</param>
    /// <param name="progress">Receives the number of images done.</param>
    /// <param name="decoding">Limits; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public static IReadOnlyList<ImageFingerprint> ComputeAll(
        IReadOnlyList<DatasetImage> images,
        Action<int, int>? progress = null,
        ImageDecodeOptions? decoding = null,
        CancellationToken cancellationToken = default)
    {
        const int Between = 64;
        ImageFingerprint[] prints = new ImageFingerprint[images.Count];
        int done = 0;
        ParallelOptions options = new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, prints.Length, options, () => new PixelBuffer(), (i, _, buffer) =>
        {
            prints[i] = Compute(images[i].Path, buffer, decoding);
            int now = Interlocked.Increment(ref done);
            if (now % Between == 0 || now == prints.Length)
            {
                progress?.Invoke(now, prints.Length);
            }

            return buffer;
        }, buffer => buffer.Clear());
        return prints;
    }

    /// <summary>Computes a file's fingerprint; if it cannot be read or decoded, <see cref="ImageFingerprint.DecodeError"/> gives the reason.</summary>
    /// <param name="path">The file.</param>
    /// <param name="buffer">A reusable buffer.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    public static ImageFingerprint Compute(string path, PixelBuffer buffer, ImageDecodeOptions? options = null)
    {
        UInt128 content = 0;
        try
        {
            if (TryComputeByRows(path, options ?? ImageDecodeOptions.Default) is { } large)
            {
                return large;
            }

            int length = EncodedImageReader.Read(path, buffer, ImageDecodeOptions.Default.MaxBytes);
            ReadOnlySpan<byte> encoded = buffer.GetEncodedBuffer(length)[..length];
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(encoded, digest);
            content = BinaryPrimitives.ReadUInt128LittleEndian(digest);
            ImageHeaderInfo header = PixelDecoder.ReadHeader(encoded, path);
            return ComputeFromPixels(ImageDecoder.DecodeReduced(encoded, Side, options, path)) with
            {
                Content = content,
                BitsPerSample = header.BitsPerSample,
                BitsUsed = header.BitsPerSample == 16 ? PixelDecoder.MeasureRange(encoded, header, path)?.BitsUsed : null,
                PageCount = header.PageCount,
            };
        }
        catch (FocalSharpException exception)
        {
            return new ImageFingerprint { Content = content, DecodeError = exception.Message };
        }
    }

    // An image that is too large to be decoded as a whole is reduced while it is read.
    private static ImageFingerprint? TryComputeByRows(string path, ImageDecodeOptions options)
    {
        using RowReader? rows = RowReader.TryOpen(path, options);
        if (rows is null || Math.Min(rows.Size.Width, rows.Size.Height) < Side)
        {
            return null;
        }

        ImageFingerprint print = ComputeFromSquare(ReducedDecoder.Reduce(rows, new ImageSize(Side, Side), options));
        using FileStream stream = File.OpenRead(path);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(stream, digest);
        return print with
        {
            Content = BinaryPrimitives.ReadUInt128LittleEndian(digest),
            BitsPerSample = rows.Info.BitsPerSample,
            PageCount = rows.Info.PageCount,
        };
    }

    /// <summary>Computes an image's fingerprint without <see cref="ImageFingerprint.Content"/>.</summary>
    public static ImageFingerprint ComputeFromPixels(RgbImage image) => ComputeFromSquare(AreaResizer.Resize(image, Side, Side));

    private static ImageFingerprint ComputeFromSquare(RgbImage square)
    {
        Span<float> gray = stackalloc float[Side * Side];
        (double red, double green, double blue) = (0, 0, 0);
        ReadOnlySpan<byte> pixels = square.Pixels;
        for (int i = 0; i < gray.Length; i++)
        {
            (byte r, byte g, byte b) = (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]);
            (red, green, blue) = (red + r, green + g, blue + b);
            gray[i] = (0.299f * r) + (0.587f * g) + (0.114f * b); // luma of BT.601, as in JPEG
        }

        byte[] thumbnail = new byte[ThumbnailSide * ThumbnailSide];
        (double sum, double squares) = (0, 0);
        for (int i = 0; i < thumbnail.Length; i++)
        {
            int at = (i / ThumbnailSide * 2 * Side) + (i % ThumbnailSide * 2);
            thumbnail[i] = (byte)((gray[at] + gray[at + 1] + gray[at + Side] + gray[at + Side + 1] + 2) / 4);
            sum += thumbnail[i];
            squares += (double)thumbnail[i] * thumbnail[i];
        }

        double mean = sum / thumbnail.Length;
        (ulong hash, ulong mirrored) = PerceptualHash.Compute(gray);
        float count = gray.Length;
        return new ImageFingerprint
        {
            Hash = hash,
            MirroredHash = mirrored,
            Thumbnail = thumbnail,
            MeanColor = ((float)red / count, (float)green / count, (float)blue / count),
            Contrast = Math.Sqrt(Math.Max(0, (squares / thumbnail.Length) - (mean * mean))),
        };
    }
}
