namespace FocalSharp.Models.Export;

/// <summary>An 8-bit export, measured beside the float32 file of the same model.</summary>
/// <param name="CalibrationImageCount">Pictures that set the ranges.</param>
/// <param name="EvaluationImageCount">Pictures that judged.</param>
/// <param name="Float32">The float32 file.</param>
/// <param name="Int8">The 8-bit file.</param>
public sealed record Int8Report(int CalibrationImageCount, int EvaluationImageCount, OnnxMetrics Float32, OnnxMetrics Int8);
