using FocalSharp.Evaluation;
using FocalSharp.Evaluation.Errors;
using FocalSharp.Training.Reports.Markup;

namespace FocalSharp.Training.Reports.Sections;

/// <summary>What the rest of the page comes to: a few things to do, in their order.</summary>
internal static class NextSection
{
    public const string Advice = "Work through this list from the top; each entry leads to the section that shows why.";

    // Where small objects are found this much worse than the others, size is the matter.
    private const double SizeGap = 0.15;

    public static void Write(HtmlBuilder html, TrainingReport report)
    {
        html.Add($"<ol class=\"card next\">");
        foreach (NextStep step in Steps(report))
        {
            html.Add($"<li><a href=\"#{step.Section}\">{step.What}</a> {step.Why}</li>");
        }

        html.Add($"</ol>");
    }

    /// <summary>The things to do.</summary>
    public static IEnumerable<NextStep> Steps(TrainingReport report)
    {
        DetectionAnalysis analysis = report.Analysis!;
        if (report.Untrained > analysis.Metrics.AP)
        {
            yield return new NextStep(
                "accuracy", "Keep the weights as they came.",
                $"Before training they had AP {Number.Score(report.Untrained.Value)}, after it {Number.Score(analysis.Metrics.AP)}: these images teach them nothing new. best.safetensors of this run holds the best that was judged: those weights, unless a judgement in between was better. What would help are more images, or such as they fail on.");
        }

        if (analysis.Suspects.Count > 0)
        {
            yield return new NextStep("labels", $"Check {Count(analysis.Suspects.Count, "label")}.", Suspects(analysis));
        }

        ClassMetrics[] classes = [.. analysis.Metrics.PerClass.Where(row => row.GroundTruths > 0).OrderBy(row => row.AP)];
        if (classes.Length > 1)
        {
            yield return Weakest(report, classes);
        }

        ErrorCost worst = analysis.Errors.Costs.MaxBy(cost => cost.LostAP)!;
        if (worst.LostAP > 0)
        {
            yield return new NextStep(
                "errors", $"Act against {AnalysisJson.NameOf(worst.Kind)} errors.",
                $"They cost most, {Number.Score(worst.LostAP)} of AP. What helps: {ErrorAdvice.Remedy(worst.Kind)}.");
        }

        CocoMetrics metrics = analysis.Metrics;
        if (metrics.APs >= 0 && Math.Max(metrics.APm, metrics.APl) - metrics.APs > SizeGap)
        {
            yield return new NextStep(
                "accuracy", "Mind the small objects.",
                $"Their AP is {Number.Score(metrics.APs)}, that of larger ones {Number.Score(Math.Max(metrics.APm, metrics.APl))}: a larger input size, or tiles, shows them larger.");
        }

        if (analysis.Pooled.BestThreshold is not null)
        {
            yield return new NextStep(
                "precision", FormattableString.Invariant($"Use a score threshold of {analysis.Threshold:F2}."),
                FormattableString.Invariant($"It has the best F1, {analysis.Pooled.BestF1:F2}: {100 * analysis.Pooled.Recall[analysis.Pooled.BestIndex]:F0} % of the objects are found, and {100 * analysis.Pooled.Precision[analysis.Pooled.BestIndex]:F0} % of the finds are right."));
        }

        if (report.Stages is { } stages && stages.LoaderShare >= TimeSection.SlowLoader)
        {
            yield return new NextStep("time", "Feed the network faster.", FormattableString.Invariant($"It waits for the loader during {100 * stages.LoaderShare:F0} % of each step."));
        }
    }

    private static string Suspects(DetectionAnalysis analysis)
    {
        (SuspicionKind Kind, string Words)[] kinds =
            [(SuspicionKind.MissingLabel, "perhaps missing"), (SuspicionKind.WrongClass, "perhaps of the wrong class"), (SuspicionKind.BadBox, "perhaps badly placed")];
        return $"Sure detections contradict them: {string.Join(", ", kinds
            .Select(pair => (Number: analysis.Suspects.Count(suspect => suspect.Kind == pair.Kind), pair.Words))
            .Where(pair => pair.Number > 0).Select(pair => $"{pair.Number} {pair.Words}"))}.";
    }

    // Few to learn from: less than half of what classes have on the mean.
    private static NextStep Weakest(TrainingReport report, ClassMetrics[] classes)
    {
        ClassMetrics weak = classes[0];
        bool isKnown = report.TrainedObjects.TryGetValue(weak.Name, out int trained);
        bool isFew = isKnown && trained < 0.5 * report.TrainedObjects.Values.Average();
        int k = report.Analysis!.Metrics.PerClass.ToList().IndexOf(weak);
        ErrorCost worst = report.Analysis.Errors.Costs.MaxBy(cost => cost.LostByClass[k])!;
        string lost = worst.LostByClass[k] > 0 ? $" It loses most by {AnalysisJson.NameOf(worst.Kind)} errors, {Number.Score(worst.LostByClass[k])} of its AP." : "";
        string learned = isKnown ? $" It was trained on {Count(trained, "object")}, classes on the mean on {report.TrainedObjects.Values.Average():F0}." : "";
        return new NextStep(
            "accuracy",
            isFew ? $"Label more {weak.Name}." : $"Look into {weak.Name}.",
            $"It has the lowest AP, {Number.Score(weak.AP)} against {Number.Score(classes[^1].AP)} of {classes[^1].Name}.{lost}{learned}");
    }

    private static string Count(int number, string thing) => $"{number} {thing}{(number == 1 ? "" : "s")}";
}
