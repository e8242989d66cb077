using FocalSharp.Detections;

namespace FocalSharp.Cli.Verbs;

/// <summary>One image with what was found in it.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Detections">What was found, highest score first.</param>
internal sealed record PredictedImage(string File, int Width, int Height, IReadOnlyList<Detection> Detections);
