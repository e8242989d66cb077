using FocalSharp.Boxes;
using FocalSharp.Detections.Postprocessing;

namespace FocalSharp.Detections.Selection;

/// <summary>What labels of an image are expected to be worth, by four criteria. Larger is better; only their ranks among the images are used.</summary>
/// <param name="Scores">
/// Uncertain scores: the standard deviation of the number of correct detections, <c>√Σ p (1 − p)</c> with p the score.
/// </param>
/// <param name="Edges">Uncertain edges: <c>Σ p (1 − expected IoU)</c>, from the deviations.</param>
/// <param name="Disagreement">How much the views or models differ: <c>Σ p Σ disagreement / extent</c> over the edges.</param>
/// <param name="Rarity">Rare classes: <c>Σ p / frequency</c>, with the class's expected number of objects in all images as its frequency.</param>
internal sealed record ImageWorth(double Scores, double Edges, double Disagreement, double Rarity)
{
    /// <summary>Gets the names of the criteria, in the order of <see cref="Values"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["scores", "edges", "disagreement", "rarity"];

    /// <summary>Gets the criteria.</summary>
    public IReadOnlyList<double> Values => [Scores, Edges, Disagreement, Rarity];

    /// <summary>Computes the criteria of all images.</summary>
    /// <param name="images">The detections of each image, with low scores too.</param>
    public static IReadOnlyList<ImageWorth> Compute(IReadOnlyList<IReadOnlyList<Detection>> images)
    {
        Dictionary<int, double> frequency = images.SelectMany(found => found).GroupBy(detection => detection.Label)
            .ToDictionary(group => group.Key, group => group.Sum(detection => (double)detection.Score));
        return [.. images.Select(found => new ImageWorth(
            Math.Sqrt(found.Sum(detection => detection.Score * (1.0 - detection.Score))),
            found.Sum(detection => detection.Score * (1 - DeviationRescoring.ExpectedIou(detection.Box, detection.Deviation))),
            found.Sum(detection => detection.Score * RelativeDisagreement(detection)),
            found.Sum(detection => detection.Score / frequency[detection.Label])))];
    }

    private static double RelativeDisagreement(Detection detection)
    {
        if (detection.Disagreement is not { } sides || detection.Box.IsEmpty)
        {
            return 0;
        }

        Box box = detection.Box;
        return (((double)sides.Left + sides.Right) / box.Width) + (((double)sides.Top + sides.Bottom) / box.Height);
    }
}
