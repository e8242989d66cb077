// curl --data-binary @photo.jpg http://localhost:5000/detect
// A service for strangers needs more than this (limits, queue, metrics): 'focalsharp serve' is that service.
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
        Detections found = await detector.DetectAsync(request.Body, cancellationToken: cancellationToken);
        return Results.Ok(found.Select(one => new { Class = found.GetClassName(one), one.Score, one.Box.X1, one.Box.Y1, one.Box.X2, one.Box.Y2 }));
    }
    catch (FocalSharpException exception)
    {
        return Results.Problem(exception.Message, statusCode: StatusCodes.Status400BadRequest);
    }
});

app.Services.GetRequiredService<Detector>().WarmUp(); // a missing model ends the program now, and the first request is fast
await app.RunAsync();
