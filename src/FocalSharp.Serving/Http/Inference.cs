using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Drawing;
using FocalSharp.Serving.Batching;
using FocalSharp.Serving.Models;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Http;

/// <summary>
/// A request's way: admission → body → places in the queue → decode and resize → a shared run. Each gate refuses before the next one's
/// memory is taken.
/// </summary>
internal sealed class Inference(
    ServingOptions options, IDetectionModel model, ImageUploads uploads, MicroBatcher batcher, Admission admission)
{
    /// <summary>One image with what was found in it, or why it was refused.</summary>
    internal sealed record Result(string Name, ImageSize Size, IReadOnlyList<Detection> Found, UploadException? Fault);

    /// <summary>Detects in every image of a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="single">Whether exactly one image must be sent, whose fault is then the request's.</param>
    /// <exception cref="UploadException">The request as a whole is refused.</exception>
    /// <exception cref="Refusal">It asks for what there is not, comes while too much is under way, or takes too long.</exception>
    public Task<IReadOnlyList<Result>> DetectAsync(HttpContext context, bool single) => ServeAsync(context, async clock =>
    {
        using UploadedForm form = await ReadAsync(context.Request, single, clock);
        DetectArguments arguments = Arguments(context.Request, form, [DetectArguments.Threshold, DetectArguments.MaxDetections]);
        using Reservation places = Reserve(form.Images.Count(image => image.Fault is null));
        Task<Result>[] results = [.. form.Images.Select(image => DetectAsync(image, places, arguments.Limits, clock))];
        await Task.WhenAll(results);
        clock.Stage("detect");
        return (IReadOnlyList<Result>)[.. results.Select(result => result.Result)];
    });

    /// <summary>Detects in one image and draws what was found onto it.</summary>
    /// <returns>An encoded picture and its content type.</returns>
    /// <exception cref="UploadException">The request is refused.</exception>
    /// <exception cref="Refusal">It asks for what there is not, comes while too much is under way, or takes too long.</exception>
    public Task<(byte[] Picture, string ContentType)> AnnotateAsync(HttpContext context) => ServeAsync(context, async clock =>
    {
        using UploadedForm form = await ReadAsync(context.Request, single: true, clock);
        DetectArguments arguments = Arguments(context.Request, form, [DetectArguments.Threshold, DetectArguments.MaxDetections, DetectArguments.Format]);
        using Reservation places = Reserve(1);
        using DecodedForm decoded = await uploads.DecodeAsync(form, clock.Token);
        RgbImage image = Accepted(decoded.Images[0].Fault, decoded.Images[0].Image);
        IModelInput input = await uploads.TakeTurnAsync(() => model.Prepare(image), clock.Token);
        clock.Stage("prepare");
        IReadOnlyList<Detection> found = await places.DetectAsync(input, arguments.Limits, clock.Token);
        clock.Stage("detect");
        byte[] picture = await uploads.TakeTurnAsync(() => Draw(image, found, arguments.Png), clock.Token);
        clock.Stage("draw");
        return (picture, arguments.Png ? "image/png" : "image/jpeg");
    });

    private async Task<T> ServeAsync<T>(HttpContext context, Func<RequestClock, Task<T>> serve)
    {
        using IDisposable stay = admission.TryEnter()
            ?? throw Refusal.Busy($"More than {options.MaxRequests} requests are under way. Try again later.", batcher.ExpectedWait);
        using RequestClock clock = new(options, context.RequestAborted);
        try
        {
            T served = await serve(clock);
            context.Response.Headers["Server-Timing"] = clock.ServerTiming;
            return served;
        }
        catch (OperationCanceledException) when (clock.IsOver)
        {
            throw clock.Explain(batcher.ExpectedWait);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw Refusal.Busy("The service is stopping. Try again later.", batcher.ExpectedWait);
        }
    }

    private async Task<UploadedForm> ReadAsync(HttpRequest request, bool single, RequestClock clock)
    {
        UploadedForm form = await uploads.ReadAsync(request, clock.Token, clock.BodyBegins);
        clock.BodyRead();
        if (!single || form.Images is [{ Fault: null }])
        {
            return form;
        }

        using (form)
        {
            throw form.Images.Count == 1
                ? form.Images[0].Fault!
                : new UploadException(UploadFault.TooManyParts, $"{form.Images.Count} images where one is taken. Send several to /v1/detect/batch.");
        }
    }

    private DetectArguments Arguments(HttpRequest request, UploadedForm form, string[] known) =>
        DetectArguments.Read(request.Query, form.Fields, known, model.Facts.Limits);

    private Reservation Reserve(int images) => batcher.TryReserve(images)
        ?? throw Refusal.Busy($"{batcher.Reserved} images are waiting already. Try again later.", batcher.ExpectedWait);

    private async Task<Result> DetectAsync(UploadedImage upload, Reservation places, DetectionLimits limits, RequestClock clock)
    {
        (IModelInput? input, UploadException? fault) = await PrepareAsync(upload, clock);
        if (input is null)
        {
            return new Result(upload.Name, upload.Size, [], fault);
        }

        ImageSize size = input.Original;
        return new Result(upload.Name, size, await places.DetectAsync(input, limits, clock.Token), Fault: null);
    }

    private async Task<(IModelInput? Input, UploadException? Fault)> PrepareAsync(UploadedImage upload, RequestClock clock)
    {
        if (upload.Fault is { } fault)
        {
            return (null, fault);
        }

        try
        {
            return (await uploads.TakeTurnAsync(() => model.Prepare(upload.Bytes, upload.Name), clock.Token), null);
        }
        catch (UserErrorException exception)
        {
            return (null, new UploadException(UploadFault.Damaged, exception.Message, exception));
        }
    }

    private byte[] Draw(RgbImage image, IReadOnlyList<Detection> found, bool png)
    {
        RgbImage picture = DetectionRenderer.Draw(image, found, model.Facts.Classes);
        using MemoryStream encoded = new();
        if (png)
        {
            ImageEncoder.SavePng(picture, encoded);
        }
        else
        {
            ImageEncoder.SaveJpeg(picture, encoded);
        }

        return encoded.ToArray();
    }

    private static RgbImage Accepted(UploadException? fault, RgbImage? image) => fault is null ? image! : throw fault;
}
