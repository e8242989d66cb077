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
    public static void MapDetectionEndpoints(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/detect", DetectAsync)
            .WithName("detect").WithTags("detection").WithSummary("Find objects in one image")
            .WithDescription("The image is the body as it is, or the one file part of a multipart form. Boxes are in pixels of the image as a viewer shows it.")
            .Produces<DetectResponse>()
            .AddOpenApiOperationTransformer(OpenApiDescription.DescribeImageOperation(several: false, picture: false));
        routes.MapPost("/v1/detect/batch", DetectManyAsync)
            .WithName("detectBatch").WithTags("detection").WithSummary("Find objects in several images")
            .WithDescription("A refused image carries its error in its place; the others are answered.")
            .Produces<BatchResponse>()
            .AddOpenApiOperationTransformer(OpenApiDescription.DescribeImageOperation(several: true, picture: false));
        routes.MapPost("/v1/annotate", AnnotateAsync)
            .WithName("annotate").WithTags("detection").WithSummary("Find objects in one image and draw them")
            .WithDescription("The picture has the image's size; each box edge has a band of one standard deviation of its predicted place.")
            .AddOpenApiOperationTransformer(OpenApiDescription.DescribeImageOperation(several: false, picture: true));
        routes.MapGet("/v1/model", (IDetectionModel model, ServingOptions options) => TypedResults.Json(ToModelResponse(model.Description, options), ServingJson.Default.ModelResponse))
            .WithName("model").WithTags("model").WithSummary("What the model is and what the service takes")
            .Produces<ModelResponse>();
    }

    private static async Task<IResult> DetectAsync(HttpContext context, DetectionPipeline inference, IDetectionModel model)
    {
        DetectionPipeline.ImageResult result = (await inference.DetectAsync(context, single: true))[0];
        return result.Error is { } error
            ? throw error
            : TypedResults.Json(
                new DetectResponse(model.Description.Name, result.Name, result.Size.Width, result.Size.Height, DetectionJson.ToResponse(result.Detections, model.Description.Classes)),
                ServingJson.Default.DetectResponse);
    }

    private static async Task<IResult> DetectManyAsync(HttpContext context, DetectionPipeline inference, IDetectionModel model, ServingMetrics metrics)
    {
        IReadOnlyList<DetectionPipeline.ImageResult> results = await inference.DetectAsync(context, single: false);
        if (results.All(result => result.Error is not null))
        {
            throw results[0].Error!;
        }

        foreach (UploadException error in results.Select(result => result.Error).OfType<UploadException>())
        {
            metrics.RecordRejection(Problem.Create(error).Code);
        }

        return TypedResults.Json(new BatchResponse(model.Description.Name, [.. results.Select(result => ToImageResponse(result, model.Description))]), ServingJson.Default.BatchResponse);
    }

    private static async Task<IResult> AnnotateAsync(HttpContext context, DetectionPipeline inference)
    {
        (byte[] picture, string contentType) = await inference.AnnotateAsync(context);
        return TypedResults.Bytes(picture, contentType);
    }

    private static ImageResponse ToImageResponse(DetectionPipeline.ImageResult result, ModelDescription model) => result.Error is { } error
        ? new ImageResponse(result.Name, null, null, null, Problem.Create(error))
        : new ImageResponse(result.Name, result.Size.Width, result.Size.Height, DetectionJson.ToResponse(result.Detections, model.Classes), null);

    private static ModelResponse ToModelResponse(ModelDescription model, ServingOptions options) => new(
        model.Name,
        model.Classes,
        model.Limits.ScoreThreshold,
        model.Limits.MaxDetections,
        model.License,
        model.Run,
        new LimitsResponse(
            options.Uploads.MaxImageBytes,
            options.Uploads.MaxRequestBytes,
            options.Uploads.MaxPixels,
            options.Uploads.MaxImages,
            options.RequestTimeout.TotalSeconds));
}
