using FocalSharp.Cli.Terminal;
using FocalSharp.Evaluation.Bootstrap;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.Protocols;

namespace FocalSharp.Cli.Evaluation;

/// <summary>The metrics of one detector by the rules of an evaluation.</summary>
/// <param name="Name">The name in tables.</param>
/// <param name="Settings">The rules.</param>
/// <param name="Coco">COCO's metrics, which reports and results need with any protocol.</param>
/// <param name="Protocol">The protocol's metrics.</param>
/// <param name="Matches">The matches.</param>
/// <param name="Samples">AP in each resample; null without a bootstrap.</param>
internal sealed record EvaluatedDetector(
    string Name, EvaluationSettings Settings, CocoMetrics Coco, ProtocolMetrics Protocol, MatchSet Matches, BootstrapSamples? Samples)
{
    /// <summary>Evaluates a detector's results.</summary>
    public static EvaluatedDetector Create(string name, CocoGroundTruth truth, CocoResults results, EvaluationSettings settings, CancellationToken cancellationToken)
    {
        (CocoResults counted, CocoEvaluationOptions options) = settings.HasCocoMetrics
            ? FederatedRules.Apply(truth, results, settings.Protocol, settings.Options)
            : (results, new CocoEvaluationOptions());
        CocoMetrics coco = CocoEvaluator.Evaluate(truth, counted, options);
        MatchSet matches = MatchSetBuilder.Build(truth, results, settings.Protocol, settings.Options);
        BootstrapSamples? samples = settings.Bootstrap is { } bootstrap ? ImageBootstrap.Run(matches, bootstrap, cancellationToken) : null;
        return new EvaluatedDetector(name, settings, coco, ProtocolMetrics.Compute(matches), matches, samples);
    }

    /// <summary>Gets the headline metrics: AP, and those at IoU 0.5 and 0.75 if there are several thresholds.</summary>
    public IReadOnlyList<(string Name, double? Value, double[]? Samples)> Headline
    {
        get
        {
            List<(string, double?, double[]?)> rows = [("AP", Protocol.AP, Samples?.AP)];
            foreach ((string name, double iou) in new[] { ("AP50", 0.5), ("AP75", 0.75) })
            {
                int t = Coco50Index(iou);
                if (t >= 0 && Protocol.IouThresholds.Count > 1)
                {
                    rows.Add((name, Protocol.ByThreshold[t], Samples?.ByThreshold[t]));
                }
            }

            return rows;
        }
    }

    /// <summary>Gets LVIS's AP of rare, common and frequent classes; empty if the annotations do not state the frequency.</summary>
    public IReadOnlyList<(string Name, double? Value)> ByFrequency => Matches.Classes.All(one => one.Category.Frequency is null)
        ? []
        : [.. new[] { ("APr", 'r'), ("APc", 'c'), ("APf", 'f') }.Select(pair => (
            pair.Item1,
            Matches.Classes.Zip(Protocol.PerClass).Where(one => one.First.Category.Frequency == pair.Item2).Select(one => one.Second.AP).Average()))];

    /// <summary>Compares AP and the other headline metrics with those of another detector on the same images.</summary>
    public IReadOnlyList<(string Name, PairedComparison Comparison)> Compare(EvaluatedDetector other)
    {
        PairedComparison.RequireSameTruth(Matches, other.Matches);
        return
        [
            .. Headline.Zip(other.Headline)
                .Select(pair => (pair.First.Name, Comparison: pair.First.Value is { } first && pair.Second.Value is { } second
                    ? PairedComparison.Compare(first, second, pair.First.Samples!, pair.Second.Samples!, Settings.Bootstrap!.Level)
                    : null))
                .Where(row => row.Comparison is not null)
                .Select(row => (row.Name, row.Comparison!)),
        ];
    }

    /// <summary>Warns about what makes the figure other than it seems: crowds only, ids of 0, more objects than detections count, another layout.</summary>
    /// <param name="ui">The console.</param>
    /// <param name="truth">The ground truth.</param>
    /// <param name="results">The results.</param>
    /// <param name="areFromFile">Whether another program may have written the results.</param>
    public void Warn(ConsoleUi ui, CocoGroundTruth truth, CocoResults results, bool areFromFile)
    {
        foreach (string note in results.Notes)
        {
            ui.Dim(note);
        }

        if (truth.Count > 0 && truth.Annotations.All(annotation => annotation.IsCrowd) && Settings.Protocol != EvaluationProtocol.OpenImages)
        {
            ui.Warn($"{truth.Source}: all {truth.Count} objects are crowds (iscrowd), which are not evaluated: AP is not defined.");
        }

        WarnAboutLimit(ui, truth);
        if (!areFromFile)
        {
            return;
        }

        WarnAboutImageIds(ui, truth, results);
        WarnAboutIdZero(ui, truth, results);
        if (ResultsHints.Find(truth, results) is { } hint)
        {
            ui.Warn($"{results.Source}: {hint}");
        }
    }

    private int Coco50Index(double iou) => Protocol.IouThresholds.ToList().FindIndex(value => Math.Abs(value - iou) < 1e-9);

    // File names or ids that were not updated: only the user knows which.
    private void WarnAboutImageIds(ConsoleUi ui, CocoGroundTruth truth, CocoResults results)
    {
        if (results.ByImageId is { } other)
        {
            double byId = ProtocolMetrics.Compute(MatchSetBuilder.Build(truth, other, Settings.Protocol, Settings.Options)).AP ?? double.NaN;
            ui.Warn(
                $"{results.Source}: file_name and image_id name different images. By file_name, as here, AP is {Tables.FormatScore(Protocol.AP ?? double.NaN)}; "
                + $"by image_id it is {Tables.FormatScore(byId)}. Choose with --match file or --match id.");
        }
    }

    private void WarnAboutIdZero(ConsoleUi ui, CocoGroundTruth truth, CocoResults results)
    {
        int zeros = truth.Annotations.Count(annotation => annotation.Id == 0 && !annotation.IsCrowd);
        if (zeros == 0 || Settings.Protocol != EvaluationProtocol.Coco)
        {
            return;
        }

        bool isReproduced = Settings.Options.ZeroIdIsUnmatched;
        double other = CocoEvaluator.Evaluate(truth, results, Settings.Options with { ZeroIdIsUnmatched = !isReproduced }).AP;
        if (Math.Abs(other - Coco.AP) > 1e-12)
        {
            ui.Warn(isReproduced
                ? $"{truth.Source}: an annotation has the id 0. As in pycocotools, detections of it count as wrong; counted as right, AP is {Tables.FormatScore(other)} (--id-zero match)."
                : $"{truth.Source}: an annotation has the id 0. Detections of it count as right here; pycocotools counts them as wrong and gives AP {Tables.FormatScore(other)} (--id-zero coco). Number ids from 1.");
        }
    }

    private void WarnAboutLimit(ConsoleUi ui, CocoGroundTruth truth)
    {
        int limit = Settings.Options.MaxDetections[^1];
        int[] crowded = [.. truth.Annotations.Where(annotation => !annotation.IsCrowd)
            .GroupBy(annotation => Settings.Protocol == EvaluationProtocol.Lvis ? (annotation.ImageId, 0) : (annotation.ImageId, annotation.CategoryId))
            .Select(group => group.Count()).Where(count => count > limit)];
        if (crowded.Length > 0)
        {
            string what = crowded.Length == 1 ? "1 image has" : $"{crowded.Length} images have";
            ui.Warn($"{what} up to {crowded.Max()} objects{(Settings.Protocol == EvaluationProtocol.Lvis ? "" : " of a class")}; only {limit} detections count. Count more with --max-detections {crowded.Max()}.");
        }
    }
}
