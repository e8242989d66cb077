// curl --data-binary @photo.jpg http://localhost:5000/detect
// A public service needs more (limits, queue, metrics): use 'focalsharp serve'.
using System.Text.Json.Serialization;
using FocalSharp;
using FocalSharp.Runtime;
using Microsoft.AspNetCore.Mvc;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddDetector(
    builder.Configuration["Model"] ?? "model.onnx", new RuntimeOptions { Detect = new DetectOptions { ScoreThreshold = 0.3 } });
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
WebApplication app = builder.Build();

app.MapPost("/detect", async (HttpRequest request, Detector detector, CancellationToken cancellationToken) =>
{
    try
    {
        return Results.Ok(await detector.DetectAsync(request.Body, cancellationToken: cancellationToken));
    }
    catch (ImageException exception) // the client's image; if the model fails, the answer is 500
    {
        return Results.Problem(exception.Message, statusCode: StatusCodes.Status400BadRequest);
    }
});

app.Services.GetRequiredService<Detector>().WarmUp(); // fails now if the model is missing, and makes the first request fast
await app.RunAsync();

/// <summary>The types that the API answers, so that it also works when compiled ahead of time.</summary>
[JsonSerializable(typeof(Detections))]
[JsonSerializable(typeof(ProblemDetails))]
internal sealed partial class ApiJson : JsonSerializerContext;
