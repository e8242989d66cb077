using System.Text.Json;
using FocalSharp.Runtime;
using FocalSharp.Runtime.Json;
using FocalSharp.Serving.Batching;
using FocalSharp.Serving.Metrics;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FocalSharp.Serving.Http;

/// <summary>The detection routes.</summary>
internal static class DetectionEndpoints
{
    /// <summary>Maps the routes of the service.</summary>
    public static void MapDetectionEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapDetect("/v1/detect", key: null).WithName("detect");
        routes.MapDetectMany("/v1/detect/batch", key: null).WithName("detectBatch");
        routes.MapAnnotate("/v1/annotate", key: null).WithName("annotate");
        routes.MapModel("/v1/model", key: null).WithName("model");
    }

    // The second parameter keeps a handler with a result from being taken as a request delegate, whose result would be dropped.

    /// <summary>Maps the route that detects objects in an image.</summary>
    public static RouteHandlerBuilder MapDetect(this IEndpointRouteBuilder routes, string pattern, object? key) =>
        routes.MapPost(pattern, (HttpContext context, CancellationToken _) => DetectAsync(context, GetPipeline(context, key)))
            .WithTags("detection").WithSummary("Detect objects in an image")
            .WithDescription("Send the image as the raw body or as the only file part of a multipart form. Boxes are in pixels of the image after EXIF orientation.")
            .Produces<DetectResponse>()
            .AddOpenApiOperationTransformer(OpenApiDescription.DescribeImageOperation(several: false, picture: false));

    /// <summary>Maps the route that detects objects in several images.</summary>
    public static RouteHandlerBuilder MapDetectMany(this IEndpointRouteBuilder routes, string pattern, object? key) =>
        routes.MapPost(pattern, (HttpContext context, [FromServices] ServingMetrics metrics) => DetectManyAsync(context, GetPipeline(context, key), metrics))
            .WithTags("detection").WithSummary("Detect objects in several images")
            .WithDescription("A rejected image has an error instead of detections; the others are not affected.")
            .Produces<BatchResponse>()
            .AddOpenApiOperationTransformer(OpenApiDescription.DescribeImageOperation(several: true, picture: false));

    /// <summary>Maps the route that draws the detections of an image.</summary>
    public static RouteHandlerBuilder MapAnnotate(this IEndpointRouteBuilder routes, string pattern, object? key) =>
        routes.MapPost(pattern, (HttpContext context, CancellationToken _) => AnnotateAsync(context, GetPipeline(context, key)))
            .WithTags("detection").WithSummary("Detect objects in an image and draw them")
            .WithDescription("Returns an image of the same size. The band around each box edge shows the standard deviation of its predicted position.")
            .AddOpenApiOperationTransformer(OpenApiDescription.DescribeImageOperation(several: false, picture: true));

    /// <summary>Maps the route that describes the model.</summary>
    public static RouteHandlerBuilder MapModel(this IEndpointRouteBuilder routes, string pattern, object? key) =>
        routes.MapGet(pattern, (HttpContext context, [FromServices] ServingOptions options) =>
            TypedResults.Json(ToModelResponse(GetPipeline(context, key).Model, options), ServingJson.Default.ModelResponse))
            .WithTags("model").WithSummary("Get the model and the limits of the service")
            .Produces<ModelResponse>();

    private static DetectionPipeline GetPipeline(HttpContext context, object? key) =>
        key is null ? context.RequestServices.GetRequiredService<DetectionPipeline>() : context.RequestServices.GetRequiredKeyedService<DetectionPipeline>(key);

    private static async Task<IResult> DetectAsync(HttpContext context, DetectionPipeline pipeline)
    {
        DetectionPipeline.ImageResult result = (await pipeline.DetectAsync(context, single: true))[0];
        return result.Error is { } error
            ? throw error
            : TypedResults.Json(
                new DetectResponse(result.Model.Name, result.Name, result.Size.Width, result.Size.Height, DetectionJson.ToData(result.Detections, result.Model.Classes)),
                ServingJson.Default.DetectResponse);
    }

    private static async Task<IResult> DetectManyAsync(HttpContext context, DetectionPipeline pipeline, ServingMetrics metrics)
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

        string model = results.First(result => result.Error is null).Model.Name;
        return TypedResults.Json(new BatchResponse(model, [.. results.Select(ToImageResponse)]), ServingJson.Default.BatchResponse);
    }

    private static async Task<IResult> AnnotateAsync(HttpContext context, DetectionPipeline pipeline)
    {
        (byte[] picture, string contentType) = await pipeline.AnnotateAsync(context);
        return TypedResults.Bytes(picture, contentType);
    }

    private static ImageResponse ToImageResponse(DetectionPipeline.ImageResult result) => result.Error is { } error
        ? new ImageResponse(result.Name, null, null, null, error.ToProblem())
        : new ImageResponse(result.Name, result.Size.Width, result.Size.Height, DetectionJson.ToData(result.Detections, result.Model.Classes), null);

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
