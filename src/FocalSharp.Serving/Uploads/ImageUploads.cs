using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Serving.Hosting;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Uploads;

/// <summary>
/// Reads and decodes uploaded images, with limits on bytes, pixels, number and concurrent decodes. Formats are detected from the content, and
/// nothing is written to disk. One instance serves all requests.
/// </summary>
internal sealed class ImageUploads : IDisposable
{
    private readonly UploadOptions _options;
    private readonly WeightedSemaphore _bytes;
    private readonly WeightedSemaphore _pixels;
    private readonly SemaphoreSlim _decodes;

    /// <summary>Initializes the limits.</summary>
    /// <param name="options">The limits; null for the defaults.</param>
    /// <exception cref="OptionException">A limit is out of its range or conflicts with another.</exception>
    public ImageUploads(UploadOptions? options = null)
    {
        _options = options ?? UploadOptions.Default;
        _options.Validate();
        _bytes = new WeightedSemaphore(_options.BytesInFlight);
        _pixels = new WeightedSemaphore(_options.PixelsInFlight);
        _decodes = new SemaphoreSlim(_options.ConcurrentDecodes);
    }

    /// <summary>Gets the limits.</summary>
    public UploadOptions Options => _options;

    /// <summary>Reads the images of a request without decoding them: the raw body, or the file parts of a multipart form.</summary>
    /// <param name="request">The request. Its bytes are counted as they arrive, independently of its headers.</param>
    /// <param name="cancellationToken">Cancels the wait for memory and the reading.</param>
    /// <param name="onReading">Called before the first byte is read.</param>
    /// <exception cref="UploadException">The whole request is rejected.</exception>
    public async Task<UploadedForm> ReadAsync(HttpRequest request, CancellationToken cancellationToken, Action? onReading = null)
    {
        if (request.ContentLength > _options.MaxRequestBytes)
        {
            throw UploadException.RequestTooLarge(_options.MaxRequestBytes);
        }

        onReading?.Invoke();
        return await new FormReader(_options).ReadAsync(request, new UploadMemory(_bytes), cancellationToken);
    }

    /// <summary>Decodes images. Rejected and damaged images carry their error; the others are not affected.</summary>
    /// <param name="form">The result of <see cref="ReadAsync"/>; it may be disposed afterwards.</param>
    /// <param name="cancellationToken">Cancels the wait for memory and for a decoder.</param>
    /// <exception cref="UploadException">The images together have more pixels than the limit.</exception>
    public async Task<DecodedForm> DecodeAsync(UploadedForm form, CancellationToken cancellationToken)
    {
        long pixels = form.Images.Sum(image => image.Size.Pixels);
        if (pixels > _pixels.Capacity)
        {
            throw new UploadException(
                UploadError.TooManyPixels, $"The images of the request have {SizeFormatter.FormatPixels(pixels)} in total; the maximum is {SizeFormatter.FormatPixels(_pixels.Capacity)}. Send several requests.");
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

    /// <summary>Runs work that is as expensive as decoding, within the limit on concurrent decodes.</summary>
    /// <param name="work">The work, run on the thread pool.</param>
    /// <param name="cancellationToken">Cancels the wait; work that has started runs to its end.</param>
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
            RgbImage image = await RunThrottledAsync(() => ImageDecoder.Decode(upload.Bytes.Span, _options.ToDecodeOptions(), upload.Name), cancellationToken);
            return new DecodedImage(upload.Name, image, Error: null);
        }
        catch (FocalSharpException exception)
        {
            return new DecodedImage(upload.Name, Image: null, new UploadException(UploadError.Damaged, exception.Message, exception));
        }
    }
}
