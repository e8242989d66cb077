using FocalSharp.Evaluation.Bootstrap;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>The most important next steps, in order.</summary>
internal static class NextStepsSection
{
    public const string Advice = "Start at the top of this list; each entry links to the section with the details.";

    // An AP difference between small and larger objects from which size is reported as a problem.
    private const double MinSizeGap = 0.15;

    // With fewer evaluated objects, AP changes by a tenth with one of them.
    private const int MinObjects = 10;

    public static void Write(HtmlBuilder html, DetectionReport report)
    {
        html.Add($"<ol class=\"card next\">");
        foreach (NextStep step in GetSteps(report))
        {
            html.Add($"<li><a href=\"#{step.Section}\">{step.Action}</a> {step.Reason}</li>");
        }

        html.Add($"</ol>");
    }

    /// <summary>Returns the steps.</summary>
    public static IEnumerable<NextStep> GetSteps(DetectionReport report)
    {
        DetectionAnalysis analysis = report.Analysis!;
        if (report.PretrainedAP > analysis.Metrics.AP)
        {
            yield return new NextStep(
                "accuracy", "Keep the initial weights.",
                $"Their AP was {Number.FormatScore(report.PretrainedAP.Value)} before training and {Number.FormatScore(analysis.Metrics.AP)} after it. best.safetensors contains the best evaluated weights of the run, which may be the initial ones. More images, or images on which the model fails, would help.");
        }

        if (analysis.Issues.Count > 0)
        {
            yield return new NextStep("labels", $"Check {Quantity.Format(analysis.Issues.Count, "label")}.", DescribeLabelIssues(analysis));
        }

        if (FindWeakClass(analysis) is { } weak)
        {
            yield return CreateWeakClassStep(report, weak);
        }

        ErrorImpact worst = analysis.Errors.Impacts.MaxBy(cost => cost.LostAP)!;
        if (worst.LostAP > 0)
        {
            yield return new NextStep(
                "errors", $"Reduce {AnalysisJson.Describe(worst.Kind)}.",
                $"They cost the most AP, {Number.FormatScore(worst.LostAP)}. Fix: {ErrorAdvice.GetFix(worst.Kind)}.");
        }

        CocoMetrics metrics = analysis.Metrics;
        if (metrics.APs >= 0 && Math.Max(metrics.APm, metrics.APl) - metrics.APs > MinSizeGap)
        {
            yield return new NextStep(
                "accuracy", "Improve small objects.",
                $"Their AP is {Number.FormatScore(metrics.APs)}, that of larger ones {Number.FormatScore(Math.Max(metrics.APm, metrics.APl))}: use a larger input size or tiles.");
        }

        if (analysis.Pooled.BestThreshold is not null)
        {
            yield return new NextStep(
                "precision", FormattableString.Invariant($"Use a score threshold of {analysis.Threshold:F2}."),
                FormattableString.Invariant($"It has the best F1, {analysis.Pooled.BestF1:F2}: recall {100 * analysis.Pooled.Recall[analysis.Pooled.BestIndex]:F0} %, precision {100 * analysis.Pooled.Precision[analysis.Pooled.BestIndex]:F0} %."));
        }

        if (report.Phases is { } phases && phases.LoaderFraction >= TimeSection.SlowLoaderFraction)
        {
            yield return new NextStep("time", "Speed up data loading.", FormattableString.Invariant($"The network waits for data {100 * phases.LoaderFraction:F0} % of each step."));
        }
    }

    private static string DescribeLabelIssues(DetectionAnalysis analysis)
    {
        (LabelIssueKind Kind, string Words)[] kinds =
            [(LabelIssueKind.MissingLabel, "possibly missing"), (LabelIssueKind.WrongClass, "possibly of the wrong class"), (LabelIssueKind.BadBox, "possibly inaccurate")];
        return $"Confident detections disagree: {string.Join(", ", kinds
            .Select(pair => (Number: analysis.Issues.Count(issue => issue.Kind == pair.Kind), pair.Words))
            .Where(pair => pair.Number > 0).Select(pair => $"{pair.Number} {pair.Words}"))}.";
    }

    // A class is only named with evidence: enough objects, and an AP whose interval is below the mean over classes. Of those, the one with the most to gain.
    private static int? FindWeakClass(DetectionAnalysis analysis)
    {
        IReadOnlyList<ClassMetrics> classes = analysis.Metrics.PerClass;
        int[] weak =
        [
            .. Enumerable.Range(0, classes.Count).Where(k => classes[k].GroundTruths >= MinObjects
                && analysis.ClassIntervals[k] is { } interval && interval.High < analysis.Metrics.AP),
        ];
        return weak.Length == 0 ? null : weak.MaxBy(k => (analysis.Metrics.AP - classes[k].AP) * classes[k].GroundTruths);
    }

    // Few training objects: less than half of the average class.
    private static NextStep CreateWeakClassStep(DetectionReport report, int k)
    {
        DetectionAnalysis analysis = report.Analysis!;
        ClassMetrics weak = analysis.Metrics.PerClass[k];
        ConfidenceInterval interval = analysis.ClassIntervals[k]!.Value;
        bool isKnown = report.TrainingObjectCounts.TryGetValue(weak.Name, out int trained);
        bool isFew = isKnown && trained < 0.5 * report.TrainingObjectCounts.Values.Average();
        ErrorImpact worst = analysis.Errors.Impacts.MaxBy(cost => cost.LostByClass[k])!;
        string lost = worst.LostByClass[k] > 0 ? $" Most AP is lost to {AnalysisJson.Describe(worst.Kind)}: {Number.FormatScore(worst.LostByClass[k])}." : "";
        string learned = isKnown ? $" It had {Quantity.Format(trained, "training object")}; the average class had {report.TrainingObjectCounts.Values.Average():F0}." : "";
        return new NextStep(
            "accuracy",
            isFew ? $"Label more {weak.Name} objects." : $"Inspect the class {weak.Name}.",
            $"Its AP is {Number.FormatScore(weak.AP)} ({100 * DetectionAnalysis.IntervalLevel:F0} % interval {Number.FormatScore(interval.Low)} to {Number.FormatScore(interval.High)}, {Quantity.Format(weak.GroundTruths, "object")}), the mean over classes {Number.FormatScore(analysis.Metrics.AP)}.{lost}{learned}");
    }
}

/// <summary>A suggested next step.</summary>
/// <param name="Section">The id of the section with the details.</param>
/// <param name="Action">The action.</param>
/// <param name="Reason">The reason, with values.</param>
internal sealed record NextStep(string Section, string Action, string Reason);
