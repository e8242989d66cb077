using FocalSharp.Serving.Metrics;
using FocalSharp.Serving.Models;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Serving.Http;

/// <summary>The routes that look into images.</summary>
internal static class DetectionEndpoints
{
    public static void MapDetection(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/detect", DetectAsync)
            .WithName("detect").WithTags("detection").WithSummary("Find objects in one image")
            .WithDescription("The image is the body as it is, or the one file part of a multipart form. Boxes are in pixels of the image as a viewer shows it.")
            .Produces<DetectAnswer>()
            .AddOpenApiOperationTransformer(ApiDescription.OfImages(several: false, picture: false));
        routes.MapPost("/v1/detect/batch", DetectManyAsync)
            .WithName("detectBatch").WithTags("detection").WithSummary("Find objects in several images")
            .WithDescription("A refused image carries its error in its place; the others are answered.")
            .Produces<BatchAnswer>()
            .AddOpenApiOperationTransformer(ApiDescription.OfImages(several: true, picture: false));
        routes.MapPost("/v1/annotate", AnnotateAsync)
            .WithName("annotate").WithTags("detection").WithSummary("Find objects in one image and draw them")
            .WithDescription("The picture has the image's size; each box edge has a band of one standard deviation of its predicted place.")
            .AddOpenApiOperationTransformer(ApiDescription.OfImages(several: false, picture: true));
        routes.MapGet("/v1/model", (IDetectionModel model, ServingOptions options) => TypedResults.Json(Describe(model.Facts, options), ServingJson.Default.ModelAnswer))
            .WithName("model").WithTags("model").WithSummary("What the model is and what the service takes")
            .Produces<ModelAnswer>();
    }

    private static async Task<IResult> DetectAsync(HttpContext context, Inference inference, IDetectionModel model)
    {
        Inference.Result result = (await inference.DetectAsync(context, single: true))[0];
        return result.Fault is { } fault
            ? throw fault
            : TypedResults.Json(
                new DetectAnswer(model.Facts.Name, result.Name, result.Size.Width, result.Size.Height, DetectionJson.Of(result.Found, model.Facts.Classes)),
                ServingJson.Default.DetectAnswer);
    }

    private static async Task<IResult> DetectManyAsync(HttpContext context, Inference inference, IDetectionModel model, ServingMetrics metrics)
    {
        IReadOnlyList<Inference.Result> results = await inference.DetectAsync(context, single: false);
        if (results.All(result => result.Fault is not null))
        {
            throw results[0].Fault!;
        }

        foreach (UploadException fault in results.Select(result => result.Fault).OfType<UploadException>())
        {
            metrics.Refused(Problem.Of(fault).Fault);
        }

        return TypedResults.Json(new BatchAnswer(model.Facts.Name, [.. results.Select(result => Answer(result, model.Facts))]), ServingJson.Default.BatchAnswer);
    }

    private static async Task<IResult> AnnotateAsync(HttpContext context, Inference inference)
    {
        (byte[] picture, string contentType) = await inference.AnnotateAsync(context);
        return TypedResults.Bytes(picture, contentType);
    }

    private static ImageAnswer Answer(Inference.Result result, ModelFacts model) => result.Fault is { } fault
        ? new ImageAnswer(result.Name, null, null, null, Problem.Of(fault))
        : new ImageAnswer(result.Name, result.Size.Width, result.Size.Height, DetectionJson.Of(result.Found, model.Classes), null);

    private static ModelAnswer Describe(ModelFacts model, ServingOptions options) => new(
        model.Name,
        model.Classes,
        model.Limits.ScoreThreshold,
        model.Limits.MaxDetections,
        model.Licence,
        model.Run,
        new LimitsAnswer(
            options.Uploads.MaxImageBytes,
            options.Uploads.MaxRequestBytes,
            options.Uploads.MaxPixels,
            options.Uploads.MaxImages,
            options.RequestTimeout.TotalSeconds));
}
