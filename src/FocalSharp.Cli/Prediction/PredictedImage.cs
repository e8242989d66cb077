using FocalSharp.Detections;

namespace FocalSharp.Cli.Prediction;

/// <summary>The detections of one image.</summary>
/// <param name="File">The image file as the user named it.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Detections">The detections, by descending score.</param>
internal sealed record PredictedImage(string File, int Width, int Height, IReadOnlyList<Detection> Detections);
