using FocalSharp.Serving.Hosting;

namespace FocalSharp.Serving.Http;

/// <summary>A box in pixels of the image: corners, half-open.</summary>
internal sealed record BoxResponse(double X1, double Y1, double X2, double Y2);

/// <summary>A number for each edge of a box.</summary>
internal sealed record SidesResponse(double? Left, double? Top, double? Right, double? Bottom);

/// <summary>A detection.</summary>
internal sealed record DetectionResponse(string Class, int Label, double Score, BoxResponse Box, SidesResponse DeviationPx);

/// <summary>The detections of an image.</summary>
internal sealed record DetectResponse(string Model, string Name, int Width, int Height, IReadOnlyList<DetectionResponse> Detections);

/// <summary>The detections of one of several images, or the reason why it was rejected.</summary>
internal sealed record ImageResponse(string Name, int? Width, int? Height, IReadOnlyList<DetectionResponse>? Detections, Problem? Error);

/// <summary>The detections of several images, in the order in which they were sent.</summary>
internal sealed record BatchResponse(string Model, IReadOnlyList<ImageResponse> Images);

/// <summary>The model and the limits of the service.</summary>
internal sealed record ModelResponse(
    string Model, IReadOnlyList<string> Classes, double Threshold, int MaxDetections, string License, string Run, LimitsResponse Limits);

/// <summary>The limits on uploads.</summary>
internal sealed record LimitsResponse(long ImageBytes, long RequestBytes, long Pixels, int Images, double RequestSeconds);

/// <summary>The health of the service.</summary>
internal sealed record HealthResponse(string Status);

/// <summary>The main routes of the service.</summary>
internal sealed record IndexResponse(string Service, string Version, string Openapi, string Model, string Health, string Metrics);
