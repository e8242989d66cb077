namespace FocalSharp.Serving.Http;

/// <summary>A box in pixels of the image, corners, half-open.</summary>
internal sealed record BoxResponse(double X1, double Y1, double X2, double Y2);

/// <summary>One number for each side of a box.</summary>
internal sealed record SidesResponse(double? Left, double? Top, double? Right, double? Bottom);

/// <summary>One object that was found.</summary>
internal sealed record DetectionResponse(string Class, int Label, double Score, BoxResponse Box, SidesResponse DeviationPx);

/// <summary>What was found in one image.</summary>
internal sealed record DetectResponse(string Model, string Name, int Width, int Height, IReadOnlyList<DetectionResponse> Detections);

/// <summary>What was found in one image of several, or why it was refused.</summary>
internal sealed record ImageResponse(string Name, int? Width, int? Height, IReadOnlyList<DetectionResponse>? Detections, Problem? Error);

/// <summary>What was found in several images, in the order in which they were sent.</summary>
internal sealed record BatchResponse(string Model, IReadOnlyList<ImageResponse> Images);

/// <summary>What the model is and what the service takes.</summary>
internal sealed record ModelResponse(
    string Model, IReadOnlyList<string> Classes, double Threshold, int MaxDetections, string License, string Run, LimitsResponse Limits);

/// <summary>Bounds on what is sent.</summary>
internal sealed record LimitsResponse(long ImageBytes, long RequestBytes, long Pixels, int Images, double RequestSeconds);

/// <summary>Whether the service lives and is ready.</summary>
internal sealed record HealthResponse(string Status);

/// <summary>Where to go from here.</summary>
internal sealed record IndexResponse(string Service, string Version, string Openapi, string Model, string Health, string Metrics);
