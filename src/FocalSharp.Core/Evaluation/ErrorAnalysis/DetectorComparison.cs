using FocalSharp.Evaluation.Bootstrap;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.Protocols;

namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>Two detectors on the same images: the differences of AP with paired intervals, and the objects that one finds and the other misses.</summary>
internal sealed record DetectorComparison
{
    /// <summary>Gets AP, AP50 and AP75.</summary>
    public required IReadOnlyList<ComparedMetric> Headline { get; init; }

    /// <summary>Gets the AP of each class that has objects.</summary>
    public required IReadOnlyList<ComparedMetric> Classes { get; init; }

    /// <summary>Gets each object and which detector found it, at the score with the best F1 of each.</summary>
    public required IReadOnlyList<ComparedObject> Objects { get; init; }

    /// <summary>Gets the confidence level of the intervals.</summary>
    public required double Level { get; init; }

    /// <summary>Compares two detectors.</summary>
    /// <param name="first">The first detector's matches, with all its results, at its own score threshold.</param>
    /// <param name="second">The second detector's matches with the same ground truth.</param>
    /// <param name="options">The bootstrap; null for the defaults.</param>
    /// <exception cref="ArgumentException">The ground truth differs.</exception>
    public static DetectorComparison Create(MatchedDetections first, MatchedDetections second, BootstrapOptions? options = null)
    {
        options ??= new BootstrapOptions();
        (MatchSet Matches, ProtocolMetrics Metrics, BootstrapSamples Samples)[] sides =
        [
            .. new[] { first, second }.Select(matched =>
            {
                MatchSet matches = MatchSetBuilder.Build(matched.Truth, matched.Results, EvaluationProtocol.Coco, new CocoEvaluationOptions());
                return (matches, ProtocolMetrics.Compute(matches), ImageBootstrap.Run(matches, options));
            }),
        ];
        PairedComparison.RequireSameTruth(sides[0].Matches, sides[1].Matches);
        if (!first.Objects.Select(item => item.Position).SequenceEqual(second.Objects.Select(item => item.Position)))
        {
            throw new ArgumentException("The two detectors were evaluated on different objects.", nameof(second));
        }

        int objects = first.Objects.Count;
        ProtocolMetrics a = sides[0].Metrics, b = sides[1].Metrics;
        ComparedMetric Compare(string name, int count, double? left, double? right, double[] leftSamples, double[] rightSamples) => new(
            name, count, left, right, left is { } x && right is { } y ? PairedComparison.Compare(x, y, leftSamples, rightSamples, options.Level) : null);

        List<ComparedMetric> headline = [Compare("AP", objects, a.AP, b.AP, sides[0].Samples.AP, sides[1].Samples.AP)];
        foreach ((string name, double iou) in new[] { ("AP50", DetectionAnalysis.Iou), ("AP75", DetectionAnalysis.StrictIou) })
        {
            int t = a.IouThresholds.ToList().FindIndex(value => Math.Abs(value - iou) < 1e-9);
            headline.Add(Compare(name, objects, a.ByThreshold[t], b.ByThreshold[t], sides[0].Samples.ByThreshold[t], sides[1].Samples.ByThreshold[t]));
        }

        return new DetectorComparison
        {
            Headline = headline,
            Classes =
            [
                .. a.PerClass.Index().Where(row => row.Item.AP is not null).Select(row => Compare(
                    row.Item.Name, sides[0].Matches.Classes[row.Index].TruthImages.Length, row.Item.AP, b.PerClass[row.Index].AP,
                    sides[0].Samples.ByClass[row.Index], sides[1].Samples.ByClass[row.Index])),
            ],
            Objects = [.. first.Objects.Zip(second.Objects, (one, other) => new ComparedObject(one.Position, one.FoundBy >= 0, other.FoundBy >= 0))],
            Level = options.Level,
        };
    }
}

/// <summary>A metric of two detectors.</summary>
/// <param name="Name">The metric or the class.</param>
/// <param name="Objects">The number of objects.</param>
/// <param name="First">The first detector's value; null without objects.</param>
/// <param name="Second">The second detector's value.</param>
/// <param name="Difference">The first minus the second with its interval; null without objects.</param>
internal sealed record ComparedMetric(string Name, int Objects, double? First, double? Second, PairedComparison? Difference);

/// <summary>An object and who found it.</summary>
/// <param name="Position">Position in the ground truth.</param>
/// <param name="ByFirst">Whether the first detector found it.</param>
/// <param name="BySecond">Whether the second detector found it.</param>
internal readonly record struct ComparedObject(int Position, bool ByFirst, bool BySecond);
