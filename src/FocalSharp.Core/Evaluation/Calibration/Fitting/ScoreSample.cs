namespace FocalSharp.Evaluation.Calibration.Fitting;

/// <summary>The score of a detection and the value that it should have.</summary>
/// <param name="Image">Index of the image.</param>
/// <param name="Label">The class.</param>
/// <param name="Score">The score.</param>
/// <param name="Iou">The IoU with the object that the detection matches; 0 if it matches none.</param>
/// <param name="Target">The value that the score should have: <paramref name="Iou"/>, or 1 for a match and 0 otherwise.</param>
internal readonly record struct ScoreSample(int Image, int Label, double Score, double Iou, double Target)
{
    /// <summary>Gets whether the detection matches an object.</summary>
    public bool IsMatch => Iou > 0;
}
