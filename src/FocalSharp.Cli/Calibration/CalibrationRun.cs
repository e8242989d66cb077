using FocalSharp.Models.Calibration;
using FocalSharp.Runtime;

namespace FocalSharp.Cli.Calibration;

/// <summary>What a model detected in the images of a data set.</summary>
/// <param name="Model">The model.</param>
/// <param name="Data">Name of the data set.</param>
/// <param name="Split">The split.</param>
/// <param name="Observed">The images and detections.</param>
internal sealed record CalibrationRun(ModelInfo Model, string Data, string Split, ObservedImages Observed);
