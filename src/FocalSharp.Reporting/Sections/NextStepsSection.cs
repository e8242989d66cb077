using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>What the rest of the page comes to: a few things to do, in their order.</summary>
internal static class NextStepsSection
{
    public const string Advice = "Work through this list from the top; each entry leads to the section that shows why.";

    // Where small objects are found this much worse than the others, size is the matter.
    private const double MinSizeGap = 0.15;

    public static void Write(HtmlBuilder html, TrainingReport report)
    {
        html.Add($"<ol class=\"card next\">");
        foreach (NextStep step in GetSteps(report))
        {
            html.Add($"<li><a href=\"#{step.Section}\">{step.Action}</a> {step.Reason}</li>");
        }

        html.Add($"</ol>");
    }

    /// <summary>The things to do.</summary>
    public static IEnumerable<NextStep> GetSteps(TrainingReport report)
    {
        DetectionAnalysis analysis = report.Analysis!;
        if (report.PretrainedAP > analysis.Metrics.AP)
        {
            yield return new NextStep(
                "accuracy", "Keep the weights as they came.",
                $"Before training they had AP {Number.FormatScore(report.PretrainedAP.Value)}, after it {Number.FormatScore(analysis.Metrics.AP)}: these images teach them nothing new. best.safetensors of this run holds the best that was judged: those weights, unless a judgement in between was better. What would help are more images, or such as they fail on.");
        }

        if (analysis.Issues.Count > 0)
        {
            yield return new NextStep("labels", $"Check {FormatCount(analysis.Issues.Count, "label")}.", DescribeLabelIssues(analysis));
        }

        ClassMetrics[] classes = [.. analysis.Metrics.PerClass.Where(row => row.GroundTruths > 0).OrderBy(row => row.AP)];
        if (classes.Length > 1)
        {
            yield return CreateWeakestClassStep(report, classes);
        }

        ErrorImpact worst = analysis.Errors.Impacts.MaxBy(cost => cost.LostAP)!;
        if (worst.LostAP > 0)
        {
            yield return new NextStep(
                "errors", $"Act against {AnalysisJson.NameOf(worst.Kind)} errors.",
                $"They cost most, {Number.FormatScore(worst.LostAP)} of AP. What helps: {ErrorAdvice.GetFix(worst.Kind)}.");
        }

        CocoMetrics metrics = analysis.Metrics;
        if (metrics.APs >= 0 && Math.Max(metrics.APm, metrics.APl) - metrics.APs > MinSizeGap)
        {
            yield return new NextStep(
                "accuracy", "Mind the small objects.",
                $"Their AP is {Number.FormatScore(metrics.APs)}, that of larger ones {Number.FormatScore(Math.Max(metrics.APm, metrics.APl))}: a larger input size, or tiles, shows them larger.");
        }

        if (analysis.Pooled.BestThreshold is not null)
        {
            yield return new NextStep(
                "precision", FormattableString.Invariant($"Use a score threshold of {analysis.Threshold:F2}."),
                FormattableString.Invariant($"It has the best F1, {analysis.Pooled.BestF1:F2}: {100 * analysis.Pooled.Recall[analysis.Pooled.BestIndex]:F0} % of the objects are found, and {100 * analysis.Pooled.Precision[analysis.Pooled.BestIndex]:F0} % of the finds are right."));
        }

        if (report.Phases is { } stages && stages.LoaderFraction >= TimeSection.SlowLoaderFraction)
        {
            yield return new NextStep("time", "Feed the network faster.", FormattableString.Invariant($"It waits for the loader during {100 * stages.LoaderFraction:F0} % of each step."));
        }
    }

    private static string DescribeLabelIssues(DetectionAnalysis analysis)
    {
        (LabelIssueKind Kind, string Words)[] kinds =
            [(LabelIssueKind.MissingLabel, "perhaps missing"), (LabelIssueKind.WrongClass, "perhaps of the wrong class"), (LabelIssueKind.BadBox, "perhaps badly placed")];
        return $"Sure detections contradict them: {string.Join(", ", kinds
            .Select(pair => (Number: analysis.Issues.Count(issue => issue.Kind == pair.Kind), pair.Words))
            .Where(pair => pair.Number > 0).Select(pair => $"{pair.Number} {pair.Words}"))}.";
    }

    // Few to learn from: less than half of what classes have on the mean.
    private static NextStep CreateWeakestClassStep(TrainingReport report, ClassMetrics[] classes)
    {
        ClassMetrics weak = classes[0];
        bool isKnown = report.TrainingObjectCounts.TryGetValue(weak.Name, out int trained);
        bool isFew = isKnown && trained < 0.5 * report.TrainingObjectCounts.Values.Average();
        int k = report.Analysis!.Metrics.PerClass.ToList().IndexOf(weak);
        ErrorImpact worst = report.Analysis.Errors.Impacts.MaxBy(cost => cost.LostByClass[k])!;
        string lost = worst.LostByClass[k] > 0 ? $" It loses most by {AnalysisJson.NameOf(worst.Kind)} errors, {Number.FormatScore(worst.LostByClass[k])} of its AP." : "";
        string learned = isKnown ? $" It was trained on {FormatCount(trained, "object")}, classes on the mean on {report.TrainingObjectCounts.Values.Average():F0}." : "";
        return new NextStep(
            "accuracy",
            isFew ? $"Label more {weak.Name}." : $"Look into {weak.Name}.",
            $"It has the lowest AP, {Number.FormatScore(weak.AP)} against {Number.FormatScore(classes[^1].AP)} of {classes[^1].Name}.{lost}{learned}");
    }

    private static string FormatCount(int number, string thing) => $"{number} {thing}{(number == 1 ? "" : "s")}";
}
