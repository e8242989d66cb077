namespace FocalSharp.Serving.Http;

/// <summary>A box in pixels of the image, corners, half-open.</summary>
internal sealed record BoxAnswer(double X1, double Y1, double X2, double Y2);

/// <summary>One number for each side of a box.</summary>
internal sealed record SidesAnswer(double? Left, double? Top, double? Right, double? Bottom);

/// <summary>One object that was found.</summary>
internal sealed record DetectionAnswer(string Class, int Label, double Score, BoxAnswer Box, SidesAnswer DeviationPx);

/// <summary>What was found in one image.</summary>
internal sealed record DetectAnswer(string Model, string Name, int Width, int Height, IReadOnlyList<DetectionAnswer> Detections);

/// <summary>What was found in one image of several, or why it was refused.</summary>
internal sealed record ImageAnswer(string Name, int? Width, int? Height, IReadOnlyList<DetectionAnswer>? Detections, Problem? Error);

/// <summary>What was found in several images, in the order in which they were sent.</summary>
internal sealed record BatchAnswer(string Model, IReadOnlyList<ImageAnswer> Images);

/// <summary>What the model is and what the service takes.</summary>
internal sealed record ModelAnswer(
    string Model, IReadOnlyList<string> Classes, double Threshold, int MaxDetections, string Licence, string Run, LimitsAnswer Limits);

/// <summary>Bounds on what is sent.</summary>
internal sealed record LimitsAnswer(long ImageBytes, long RequestBytes, long Pixels, int Images, double RequestSeconds);

/// <summary>Whether the service lives and is ready.</summary>
internal sealed record HealthAnswer(string Status);

/// <summary>Where to go from here.</summary>
internal sealed record IndexAnswer(string Service, string Version, string Openapi, string Model, string Health, string Metrics);
