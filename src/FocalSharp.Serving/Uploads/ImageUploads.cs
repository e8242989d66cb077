using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Uploads;

/// <summary>
/// The only way by which strangers' images enter: bounded in bytes, pixels and number, believed by content alone, held in memory
/// alone, decoded a few at one time. One instance serves all requests.
/// </summary>
public sealed class ImageUploads : IDisposable
{
    private readonly UploadOptions _options;
    private readonly WeightedSemaphore _bytes;
    private readonly WeightedSemaphore _pixels;
    private readonly SemaphoreSlim _decodes;

    /// <summary>Makes the gate.</summary>
    /// <param name="options">Its bounds; null takes the defaults.</param>
    /// <exception cref="FocalSharpException">The bounds contradict each other.</exception>
    public ImageUploads(UploadOptions? options = null)
    {
        _options = options ?? UploadOptions.Default;
        _options.Validate();
        _bytes = new WeightedSemaphore(_options.BytesInFlight);
        _pixels = new WeightedSemaphore(_options.PixelsInFlight);
        _decodes = new SemaphoreSlim(_options.ConcurrentDecodes);
    }

    /// <summary>The bounds in force.</summary>
    public UploadOptions Options => _options;

    /// <summary>Reads a request's images without decoding them: raw bytes, or the file parts of a multipart form.</summary>
    /// <param name="request">The request; its body is read once, counted whatever its headers announce.</param>
    /// <param name="cancellationToken">Ends the wait for memory and the reading.</param>
    /// <param name="begins">Called when the wait is over and the body is asked for: from here on time is the sender's.</param>
    /// <exception cref="UploadException">The request as a whole is refused.</exception>
    public async Task<UploadedForm> ReadAsync(HttpRequest request, CancellationToken cancellationToken, Action? begins = null)
    {
        if (request.ContentLength > _options.MaxRequestBytes)
        {
            throw UploadException.RequestTooLarge(_options.MaxRequestBytes);
        }

        IDisposable permit = await _bytes.AcquireAsync(request.ContentLength ?? _options.MaxRequestBytes, cancellationToken);
        begins?.Invoke();
        return await new FormReader(_options).ReadAsync(request, permit, cancellationToken);
    }

    /// <summary>Decodes what was read. Refused and damaged images carry their fault; the others are not disturbed by them.</summary>
    /// <param name="form">What <see cref="ReadAsync"/> returned; it may be disposed afterwards.</param>
    /// <param name="cancellationToken">Ends the wait for memory and for a turn.</param>
    /// <exception cref="UploadException">The images together have more pixels than may ever be in flight.</exception>
    public async Task<DecodedForm> DecodeAsync(UploadedForm form, CancellationToken cancellationToken)
    {
        long pixels = form.Images.Sum(image => image.Size.Pixels);
        if (pixels > _pixels.Capacity)
        {
            throw new UploadException(
                UploadError.TooManyPixels, $"The request's images have {SizeFormatter.FormatPixels(pixels)} together, more than the {SizeFormatter.FormatPixels(_pixels.Capacity)} allowed. Send several requests.");
        }

        IDisposable permit = await _pixels.AcquireAsync(pixels, cancellationToken);
        try
        {
            DecodedImage[] images = await Task.WhenAll(form.Images.Select(image => DecodeAsync(image, cancellationToken)));
            return new DecodedForm(images, form.Fields, permit);
        }
        catch
        {
            permit.Dispose();
            throw;
        }
    }

    /// <summary>Does work on images that are as heavy as decoding, as many at one time as there are decodes.</summary>
    /// <param name="work">The work; it runs on the thread pool.</param>
    /// <param name="cancellationToken">Ends the wait for a turn; work that has begun ends itself.</param>
    public async Task<T> RunThrottledAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _decodes.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(work, CancellationToken.None);
        }
        finally
        {
            _decodes.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _decodes.Dispose();

    private async Task<DecodedImage> DecodeAsync(UploadedImage upload, CancellationToken cancellationToken)
    {
        if (upload.Error is { } error)
        {
            return new DecodedImage(upload.Name, Image: null, error);
        }

        try
        {
            RgbImage image = await RunThrottledAsync(() => ImageDecoder.Decode(upload.Bytes.Span, DecodeOptions, upload.Name), cancellationToken);
            return new DecodedImage(upload.Name, image, Error: null);
        }
        catch (FocalSharpException exception)
        {
            return new DecodedImage(upload.Name, Image: null, new UploadException(UploadError.Damaged, exception.Message, exception));
        }
    }

    private ImageDecodeOptions DecodeOptions => new() { MaxBytes = _options.MaxImageBytes, MaxPixels = _options.MaxPixels };
}
