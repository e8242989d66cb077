// curl --data-binary @photo.jpg http://localhost:5000/detect
using System.Text.Json.Serialization;
using FocalSharp;
using FocalSharp.Runtime;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
builder.Services.AddDetector(builder.Configuration["Model"] ?? "model.onnx");
WebApplication app = builder.Build();

app.MapPost("/detect", async (HttpRequest request, Detector detector, CancellationToken cancellationToken) =>
{
    try
    {
        Detections detections = await detector.DetectAsync(request.Body, cancellationToken: cancellationToken);
        return Results.Ok(detections.Select(found => new FoundObject(
            detections.GetClassName(found), found.Score, found.Box.X1, found.Box.Y1, found.Box.X2, found.Box.Y2)).ToArray());
    }
    catch (ImageException exception)
    {
        return Results.Problem(exception.Message, statusCode: StatusCodes.Status400BadRequest);
    }
});

try
{
    app.Services.GetRequiredService<Detector>().WarmUp(); // fails now if the model is missing, and makes the first request fast
}
catch (FocalSharpException exception)
{
    Console.Error.WriteLine($"{exception.Message}\nSet the model's path: dotnet run -- --Model path/to/model.onnx, or in appsettings.json.");
    return 1;
}

await app.RunAsync();
return 0;

/// <summary>A detected object; the box is in pixels of the image.</summary>
internal sealed record FoundObject(string Class, float Score, float X1, float Y1, float X2, float Y2);

[JsonSerializable(typeof(FoundObject[]))]
[JsonSerializable(typeof(Microsoft.AspNetCore.Mvc.ProblemDetails))]
internal sealed partial class ApiJson : JsonSerializerContext;
