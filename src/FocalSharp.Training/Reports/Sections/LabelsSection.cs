using FocalSharp.Evaluation.Errors;
using FocalSharp.Training.Reports.Markup;

namespace FocalSharp.Training.Reports.Sections;

/// <summary>Labels that sure detections contradict.</summary>
internal static class LabelsSection
{
    public const string Advice = "Open each of these in your labelling tool and decide: mend the label, or leave it, and then it is the detector that has to learn.";

    private static readonly (SuspicionKind Kind, string Title)[] Groups =
    [
        (SuspicionKind.MissingLabel, "Perhaps not labelled"),
        (SuspicionKind.WrongClass, "Perhaps of the wrong class"),
        (SuspicionKind.BadBox, "Perhaps badly placed"),
    ];

    public static void Write(HtmlBuilder html, TrainingReport report)
    {
        DetectionAnalysis analysis = report.Analysis!;
        html.Add($"<p>Detections at scores where at least three of four of their class are right, and which the label contradicts; the strongest of each kind.");
        html.Add($"It may be the detector that errs.</p>");
        html.Add($"<ul class=\"legend marks\"><li class=\"m-wrong\">detected</li><li class=\"m-label dash\">annotated</li></ul>");
        foreach ((SuspicionKind kind, string title) in Groups)
        {
            (int Index, LabelSuspect Item)[] suspects = [.. analysis.Suspects.Index().Where(pair => pair.Item.Kind == kind)];
            if (suspects.Length > 0)
            {
                html.Add($"<h3>{title}</h3><div class=\"crops\">");
                foreach ((int index, LabelSuspect suspect) in suspects)
                {
                    Card(html, analysis, suspect, report.SuspectCrops.ElementAtOrDefault(index));
                }

                html.Add($"</div>");
            }
        }
    }

    private static void Card(HtmlBuilder html, DetectionAnalysis analysis, LabelSuspect suspect, byte[]? crop)
    {
        string name = analysis.NameOf(suspect.ImageId);
        Evaluation.CocoBox box = analysis.Judged.Results[suspect.Detection].Box;
        html.Add($"<figure>");
        if (crop is not null)
        {
            html.Add($"<div class=\"pair one\">");
            Figure.Image(html, crop, "crop", $"{name}: {suspect.Reason}");
            html.Add($"</div>");
        }

        html.Add($"<figcaption><b>{name}</b> {suspect.Reason} <span class=\"muted\">at x {box.X:F0}, y {box.Y:F0}</span></figcaption></figure>");
    }
}
