using FocalSharp.Boxes;
using FocalSharp.Detections;

namespace FocalSharp.Evaluation.Calibration.Fitting;

/// <summary>A detection and the object that it matches.</summary>
/// <param name="Image">Index of the image.</param>
/// <param name="Detection">The detection.</param>
/// <param name="Truth">The object's box.</param>
internal readonly record struct MatchedBox(int Image, Detection Detection, Box Truth)
{
    /// <summary>Returns the true coordinate of an edge minus the predicted one, in pixels.</summary>
    public double Error(int side) => side switch
    {
        0 => (double)Truth.X1 - Detection.Box.X1,
        1 => (double)Truth.Y1 - Detection.Box.Y1,
        2 => (double)Truth.X2 - Detection.Box.X2,
        _ => (double)Truth.Y2 - Detection.Box.Y2,
    };
}
