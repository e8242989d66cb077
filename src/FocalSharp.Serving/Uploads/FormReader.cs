using FocalSharp.IO;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace FocalSharp.Serving.Uploads;

/// <summary>
/// Reads the images of a request, from the raw body or a multipart form, into memory; nothing is written to disk. Parts with a file name or an
/// image content type are images; the others are short text fields.
/// </summary>
internal sealed class FormReader(UploadOptions options)
{
    private const int MaxFields = 16;
    private const int MaxFieldLength = 256;
    private const int MaxBoundaryLength = 70; // RFC 2046, 5.1.1

    private readonly List<UploadedImage> _images = [];
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    /// <summary>Reads the body. On an exception the images read so far are released.</summary>
    /// <exception cref="UploadException">The whole request is rejected.</exception>
    public async Task<UploadedForm> ReadAsync(HttpRequest request, UploadMemory memory, CancellationToken cancellationToken)
    {
        UploadedForm form = new(_images, _fields, memory);
        try
        {
            MediaTypeHeaderValue? type = RequireType(request);
            BoundedStream body = new(request.Body, options.MaxRequestBytes, () => UploadException.RequestTooLarge(options.MaxRequestBytes), memory.ReserveAsync);
            if (type is not null && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            {
                await ReadPartsAsync(new MultipartReader(RequireBoundary(type), body) { HeadersCountLimit = 16 }, cancellationToken);
            }
            else
            {
                _images.Add(await UploadReader.ReadAsync(body, "image", options, request.ContentLength, cancellationToken));
            }

            return _images.Count > 0
                ? form
                : throw new UploadException(UploadError.Missing, "The form contains no image. Send one as a file part: curl -F image=@photo.jpg");
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException and not BadHttpRequestException)
        {
            form.Dispose();
            throw new UploadException(
                UploadError.Malformed, $"The body cannot be read as {DescribeContentType(request.ContentType)}: it is truncated or malformed.", exception);
        }
        catch
        {
            form.Dispose();
            throw;
        }
    }

    private static string DescribeContentType(string? contentType) =>
        string.IsNullOrEmpty(contentType) ? "an image" : UploadName.Sanitize(contentType.Split(';')[0]);

    private static MediaTypeHeaderValue? RequireType(HttpRequest request)
    {
        string encoding = request.Headers.ContentEncoding.ToString();
        if (encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new UploadException(UploadError.UnsupportedType, "Content-Encoding: compressed bodies are not supported; image formats are already compressed.");
        }

        if (string.IsNullOrEmpty(request.ContentType))
        {
            return null; // detected from the content
        }

        return MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && (type.Type.Equals("image", StringComparison.OrdinalIgnoreCase)
                || type.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase)
                || type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            ? type
            : throw new UploadException(
                UploadError.UnsupportedType,
                $"Content-Type {DescribeContentType(request.ContentType)} is not supported. Send the image file as image/jpeg, image/png, … or "
                + "application/octet-stream, or a multipart/form-data form with a file part.");
    }

    private static string RequireBoundary(MediaTypeHeaderValue type) =>
        HeaderUtilities.RemoveQuotes(type.Boundary).ToString() is { Length: > 0 and <= MaxBoundaryLength } boundary
            ? boundary
            : throw new UploadException(UploadError.Malformed, $"Content-Type multipart/form-data requires a boundary of 1 to {MaxBoundaryLength} characters.");

    private async Task ReadPartsAsync(MultipartReader reader, CancellationToken cancellationToken)
    {
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } part)
        {
            _ = ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out ContentDispositionHeaderValue? disposition);
            if (IsImage(part, disposition))
            {
                Require(_images.Count < options.MaxImages, $"A request may contain at most {options.MaxImages} images. Send several requests.");
                string name = UploadName.GetDisplayName((disposition?.FileNameStar.HasValue == true ? disposition.FileNameStar : disposition?.FileName).ToString(), $"image {_images.Count + 1}");
                _images.Add(await UploadReader.ReadAsync(part.Body, name, options, announced: null, cancellationToken));
            }
            else
            {
                Require(_fields.Count < MaxFields, $"A form may contain at most {MaxFields} text fields.");
                string name = UploadName.GetDisplayName(disposition?.Name.ToString(), "field");
                _fields[name] = await ReadFieldAsync(part.Body, name, cancellationToken);
            }
        }
    }

    private static bool IsImage(MultipartSection part, ContentDispositionHeaderValue? disposition) =>
        disposition is { } known && (known.FileName.HasValue || known.FileNameStar.HasValue)
        || part.ContentType is { } type
            && (type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) || type.StartsWith("application/octet-stream", StringComparison.OrdinalIgnoreCase));

    private static async Task<string> ReadFieldAsync(Stream body, string name, CancellationToken cancellationToken)
    {
        byte[] text = new byte[MaxFieldLength + 1];
        int length = await body.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellationToken);
        Require(length <= MaxFieldLength, $"{name}: longer than the maximum of {MaxFieldLength} bytes for a text field. To send an image, give the part a file name.");
        return System.Text.Encoding.UTF8.GetString(text, 0, length);
    }

    private static void Require(bool condition, string error)
    {
        if (!condition)
        {
            throw new UploadException(UploadError.TooManyParts, error);
        }
    }
}
