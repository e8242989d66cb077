// curl --data-binary @photo.jpg http://localhost:5000/detect
// A public service needs more (limits, queue, metrics): use 'focalsharp serve'.
using FocalSharp;
using FocalSharp.Runtime;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddDetector(
    builder.Configuration["Model"] ?? "model.onnx", new RuntimeOptions { Detect = new DetectOptions { ScoreThreshold = 0.3 } });
WebApplication app = builder.Build();

app.MapPost("/detect", async (HttpRequest request, Detector detector, CancellationToken cancellationToken) =>
{
    try
    {
        Detections detections = await detector.DetectAsync(request.Body, cancellationToken: cancellationToken);
        return Results.Ok(detections.Select(detection => new { Class = detections.GetClassName(detection), detection.Score, detection.Box.X1, detection.Box.Y1, detection.Box.X2, detection.Box.Y2 }));
    }
    catch (FocalSharpException exception)
    {
        return Results.Problem(exception.Message, statusCode: StatusCodes.Status400BadRequest);
    }
});

app.Services.GetRequiredService<Detector>().WarmUp(); // fails now if the model is missing, and makes the first request fast
await app.RunAsync();
