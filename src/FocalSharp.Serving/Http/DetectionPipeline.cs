using FocalSharp.Detections;
using FocalSharp.Imaging.Drawing;
using FocalSharp.Runtime;
using FocalSharp.Serving.Batching;
using FocalSharp.Serving.Hosting;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Http;

/// <summary>
/// Processes a detection request: body → concurrency gate → places in the queue → decode and resize → inference batch. Each step rejects a
/// request before the next one allocates memory for it. The gate is entered once the body is read, so that slow uploads do not close it.
/// </summary>
internal sealed class DetectionPipeline(
    ServingOptions options, IDetector detector, ImageUploads uploads, MicroBatcher batcher, ConcurrencyGate gate, ClientGate clients)
{
    /// <summary>The detections of an image and the model that found them, or the reason why it was rejected.</summary>
    internal sealed record ImageResult(string Name, ImageSize Size, IReadOnlyList<Detection> Detections, ModelInfo Model, UploadException? Error);

    /// <summary>Gets the model of the next request.</summary>
    public ModelInfo Model => detector.Model;

    /// <summary>Detects objects in every image of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="single">Whether the request must contain exactly one image, whose error is then thrown.</param>
    /// <exception cref="UploadException">The whole request is rejected.</exception>
    /// <exception cref="ApiException">A parameter is invalid, the service is busy, or the request takes too long.</exception>
    public Task<IReadOnlyList<ImageResult>> DetectAsync(HttpContext context, bool single) => RunAsync(context, single, async (form, clock) =>
    {
        DetectArguments arguments = ReadArguments(context.Request, form, [DetectArguments.Threshold, DetectArguments.MaxDetections]);
        using QueueSlots places = ReserveSlots(form.Images.Count(image => image.Error is null));
        Task<ImageResult>[] results = [.. form.Images.Select(image => DetectAsync(image, places, arguments, clock))];
        await Task.WhenAll(results);
        clock.RecordPhase("detect");
        return (IReadOnlyList<ImageResult>)[.. results.Select(result => result.Result)];
    });

    /// <summary>Detects objects in an image and draws them.</summary>
    /// <returns>The encoded image and its content type.</returns>
    /// <exception cref="UploadException">The request is rejected.</exception>
    /// <exception cref="ApiException">A parameter is invalid, the service is busy, or the request takes too long.</exception>
    public Task<(byte[] Picture, string ContentType)> AnnotateAsync(HttpContext context) => RunAsync(context, single: true, async (form, clock) =>
    {
        DetectArguments arguments = ReadArguments(context.Request, form, [DetectArguments.Threshold, DetectArguments.MaxDetections, DetectArguments.Format]);
        using QueueSlots places = ReserveSlots(1);
        (PreparedImage? prepared, UploadException? error) = await PrepareAsync(form.Images[0], clock);
        PreparedImage input = prepared ?? throw error!;
        clock.RecordPhase("prepare");
        ModelInfo model = GetModel(input);
        IReadOnlyList<Detection> found = await places.DetectAsync(input, arguments.GetLimits(model, options.Detect), clock.Token);
        clock.RecordPhase("detect");
        // The image is decoded again only now, and drawn at once: pixels are not held while the request waits.
        UploadedImage upload = form.Images[0];
        byte[] picture = await uploads.RunThrottledAsync(
            () => DetectionRenderer.DrawEncoded(upload.Bytes.Span, uploads.Options.ToDecodeOptions(), upload.Name, found, model.Classes, arguments.Png), clock.Token);
        clock.RecordPhase("draw");
        return (picture, arguments.Png ? "image/png" : "image/jpeg");
    });

    private async Task<T> RunAsync<T>(HttpContext context, bool single, Func<UploadedForm, RequestClock, Task<T>> serve)
    {
        if (gate.IsFull)
        {
            throw CreateBusyException(); // before the body is sent
        }

        using RequestClock clock = new(options, context.RequestAborted);
        try
        {
            using UploadedForm form = await ReadAsync(context, single, clock);
            using IDisposable permit = gate.TryEnter() ?? throw CreateBusyException();
            T served = await serve(form, clock);
            context.Response.Headers["Server-Timing"] = clock.ServerTiming;
            return served;
        }
        catch (OperationCanceledException) when (clock.IsTimedOut)
        {
            throw clock.CreateException(batcher.ExpectedWait);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw ApiException.Busy("The service is stopping. Try again later.", batcher.ExpectedWait);
        }
    }

    private ApiException CreateBusyException() =>
        ApiException.Busy($"The limit of {options.MaxRequests} concurrent requests is reached. Try again later.", batcher.ExpectedWait);

    private async Task<UploadedForm> ReadAsync(HttpContext context, bool single, RequestClock clock)
    {
        using IDisposable upload = clients.Enter(context.Connection.RemoteIpAddress);
        UploadedForm form = await uploads.ReadAsync(context.Request, clock.Token, clock.BeginReadingBody);
        clock.EndReadingBody();
        if (!single || form.Images is [{ Error: null }])
        {
            return form;
        }

        using (form)
        {
            throw form.Images.Count == 1
                ? form.Images[0].Error!
                : new UploadException(UploadError.TooManyParts, $"This route accepts one image; the request contains {form.Images.Count}. {GetBatchHint(context.Request)}");
        }
    }

    // Drawings have no batch route.
    private static string GetBatchHint(HttpRequest request) => request.Path.Value!.EndsWith("/annotate", StringComparison.OrdinalIgnoreCase)
        ? "Send a request for each image."
        : $"Send several images to {request.PathBase}{request.Path}/batch.";

    private static DetectArguments ReadArguments(HttpRequest request, UploadedForm form, string[] known) => DetectArguments.Read(request.Query, form.Fields, known);

    // The detector may load another model meanwhile; the image runs on the one that it was prepared for.
    private ModelInfo GetModel(PreparedImage input) => input.Model?.Model ?? detector.Model;

    private QueueSlots ReserveSlots(int images) => batcher.TryReserve(images)
        ?? throw ApiException.Busy($"The queue is full with {batcher.Reserved} images. Try again later.", batcher.ExpectedWait);

    private async Task<ImageResult> DetectAsync(UploadedImage upload, QueueSlots places, DetectArguments arguments, RequestClock clock)
    {
        (PreparedImage? input, UploadException? error) = await PrepareAsync(upload, clock);
        if (input is null)
        {
            return new ImageResult(upload.Name, upload.Size, [], detector.Model, error);
        }

        (ImageSize size, ModelInfo model) = (input.OriginalSize, GetModel(input));
        return new ImageResult(upload.Name, size, await places.DetectAsync(input, arguments.GetLimits(model, options.Detect), clock.Token), model, Error: null);
    }

    private async Task<(PreparedImage? Input, UploadException? Problem)> PrepareAsync(UploadedImage upload, RequestClock clock)
    {
        if (upload.Error is { } error)
        {
            return (null, error);
        }

        try
        {
            return (await uploads.RunThrottledAsync(() => detector.Prepare(ImageSource.FromBytes(upload.Bytes, upload.Name)), clock.Token), null);
        }
        catch (FocalSharpException exception)
        {
            return (null, new UploadException(UploadError.Damaged, exception.Message, exception));
        }
    }
}
