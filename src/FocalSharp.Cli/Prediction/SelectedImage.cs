using FocalSharp.Detections.Selection;

namespace FocalSharp.Cli.Prediction;

/// <summary>An image that was selected for labeling.</summary>
/// <param name="Image">The image and its detections.</param>
/// <param name="Criteria">Its worth by each criterion.</param>
/// <param name="Ranks">Its rank by each criterion, 1 for the lowest value; equal values share their mean rank.</param>
/// <param name="Worth">The mean of its ranks, 0 to 1.</param>
/// <param name="Distance">The distance of its features from the nearest image selected before; infinite for the first.</param>
internal sealed record SelectedImage(PredictedImage Image, ImageWorth Criteria, IReadOnlyList<double> Ranks, double Worth, double Distance)
{
    /// <summary>Returns the criterion by which the image ranks highest, with the share of images that it exceeds.</summary>
    public string GetReason(int count)
    {
        int best = Enumerable.Range(0, Ranks.Count).MaxBy(i => Ranks[i]);
        return $"{ImageWorth.Names[best]} (top {Math.Max(1, (int)Math.Ceiling(100 * (count - Ranks[best] + 0.5) / count))} %)";
    }
}
