using System.Text.Json;
using FocalSharp.Runtime;
using FocalSharp.Runtime.Json;
using FocalSharp.Serving.Batching;
using FocalSharp.Serving.Metrics;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Serving.Http;

/// <summary>The detection routes.</summary>
internal static class DetectionEndpoints
{
    public static void MapDetectionEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/detect", DetectAsync)
            .WithName("detect").WithTags("detection").WithSummary("Detect objects in an image")
            .WithDescription("Send the image as the raw body or as the only file part of a multipart form. Boxes are in pixels of the image after EXIF orientation.")
            .Produces<DetectResponse>()
            .AddOpenApiOperationTransformer(OpenApiDescription.DescribeImageOperation(several: false, picture: false));
        routes.MapPost("/v1/detect/batch", DetectManyAsync)
            .WithName("detectBatch").WithTags("detection").WithSummary("Detect objects in several images")
            .WithDescription("A rejected image has an error instead of detections; the others are not affected.")
            .Produces<BatchResponse>()
            .AddOpenApiOperationTransformer(OpenApiDescription.DescribeImageOperation(several: true, picture: false));
        routes.MapPost("/v1/annotate", AnnotateAsync)
            .WithName("annotate").WithTags("detection").WithSummary("Detect objects in an image and draw them")
            .WithDescription("Returns an image of the same size. The band around each box edge shows the standard deviation of its predicted position.")
            .AddOpenApiOperationTransformer(OpenApiDescription.DescribeImageOperation(several: false, picture: true));
        routes.MapGet("/v1/model", (IDetector detector, ServingOptions options) => TypedResults.Json(ToModelResponse(detector.Model, options), ServingJson.Default.ModelResponse))
            .WithName("model").WithTags("model").WithSummary("Get the model and the limits of the service")
            .Produces<ModelResponse>();
    }

    private static async Task<IResult> DetectAsync(HttpContext context, DetectionPipeline pipeline, IDetector detector)
    {
        DetectionPipeline.ImageResult result = (await pipeline.DetectAsync(context, single: true))[0];
        return result.Error is { } error
            ? throw error
            : TypedResults.Json(
                new DetectResponse(detector.Model.Name, result.Name, result.Size.Width, result.Size.Height, DetectionJson.ToData(result.Detections, detector.Classes)),
                ServingJson.Default.DetectResponse);
    }

    private static async Task<IResult> DetectManyAsync(HttpContext context, DetectionPipeline pipeline, IDetector detector, ServingMetrics metrics)
    {
        IReadOnlyList<DetectionPipeline.ImageResult> results = await pipeline.DetectAsync(context, single: false);
        if (results.All(result => result.Error is not null))
        {
            throw results[0].Error!;
        }

        foreach (UploadException error in results.Select(result => result.Error).OfType<UploadException>())
        {
            metrics.RecordRejection(error.ToProblem().Code);
        }

        return TypedResults.Json(new BatchResponse(detector.Model.Name, [.. results.Select(result => ToImageResponse(result, detector.Model))]), ServingJson.Default.BatchResponse);
    }

    private static async Task<IResult> AnnotateAsync(HttpContext context, DetectionPipeline pipeline)
    {
        (byte[] picture, string contentType) = await pipeline.AnnotateAsync(context);
        return TypedResults.Bytes(picture, contentType);
    }

    private static ImageResponse ToImageResponse(DetectionPipeline.ImageResult result, ModelInfo model) => result.Error is { } error
        ? new ImageResponse(result.Name, null, null, null, error.ToProblem())
        : new ImageResponse(result.Name, result.Size.Width, result.Size.Height, DetectionJson.ToData(result.Detections, model.Classes), null);

    private static ModelResponse ToModelResponse(ModelInfo model, ServingOptions options) => new(
        model.Name,
        model.Classes,
        DetectionLimits.GetDefaults(model, options.Detect).ScoreThreshold,
        DetectionLimits.GetDefaults(model, options.Detect).MaxDetections,
        model.License,
        ParseRun(model.Run),
        new LimitsResponse(
            options.Uploads.MaxImageBytes,
            options.Uploads.MaxRequestBytes,
            options.Uploads.MaxPixels,
            options.Uploads.MaxImages,
            options.RequestTimeout.TotalSeconds));

    // The model's description of its training; a file may contain any text there.
    private static JsonElement? ParseRun(string run)
    {
        try
        {
            return run.Length == 0 ? null : JsonElement.Parse(run);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
