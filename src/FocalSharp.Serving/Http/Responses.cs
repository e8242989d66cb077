using System.Text.Json;
using FocalSharp.Runtime.Json;
using FocalSharp.Serving.Hosting;

namespace FocalSharp.Serving.Http;

/// <summary>The detections of an image.</summary>
internal sealed record DetectResponse(string Model, string Name, int Width, int Height, IReadOnlyList<DetectionData> Detections);

/// <summary>The detections of one of several images, or the reason why it was rejected.</summary>
internal sealed record ImageResponse(string Name, int? Width, int? Height, IReadOnlyList<DetectionData>? Detections, Problem? Error);

/// <summary>The detections of several images, in the order in which they were sent.</summary>
internal sealed record BatchResponse(string Model, IReadOnlyList<ImageResponse> Images);

/// <summary>The model and the limits of the service.</summary>
internal sealed record ModelResponse(
    string Model, IReadOnlyList<string> Classes, double Threshold, int MaxDetections, string License, JsonElement? Run, LimitsResponse Limits);

/// <summary>The limits on uploads.</summary>
internal sealed record LimitsResponse(long ImageBytes, long RequestBytes, long Pixels, int Images, double RequestSeconds);

/// <summary>The health of the service.</summary>
internal sealed record HealthResponse(string Status);

/// <summary>The main routes of the service.</summary>
internal sealed record IndexResponse(string Service, string Version, string Openapi, string Model, string Health, string Metrics);
