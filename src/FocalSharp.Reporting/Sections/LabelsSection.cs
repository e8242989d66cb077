using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>Labels that sure detections contradict.</summary>
internal static class LabelsSection
{
    public const string Advice = "Open each of these in your labelling tool and decide: mend the label, or leave it, and then it is the detector that has to learn.";

    private static readonly (LabelIssueKind Kind, string Title)[] Groups =
    [
        (LabelIssueKind.MissingLabel, "Perhaps not labelled"),
        (LabelIssueKind.WrongClass, "Perhaps of the wrong class"),
        (LabelIssueKind.BadBox, "Perhaps badly placed"),
    ];

    public static void Write(HtmlBuilder html, TrainingReport report)
    {
        DetectionAnalysis analysis = report.Analysis!;
        html.Add($"<p>Detections at scores where at least three of four of their class are right, and which the label contradicts; the strongest of each kind.");
        html.Add($"It may be the detector that errs.</p>");
        html.Add($"<ul class=\"legend marks\"><li class=\"m-wrong\">detected</li><li class=\"m-label dash\">annotated</li></ul>");
        foreach ((LabelIssueKind kind, string title) in Groups)
        {
            (int Index, LabelIssue Item)[] issues = [.. analysis.Issues.Index().Where(pair => pair.Item.Kind == kind)];
            if (issues.Length > 0)
            {
                html.Add($"<h3>{title}</h3><div class=\"crops\">");
                foreach ((int index, LabelIssue issue) in issues)
                {
                    WriteCard(html, analysis, issue, report.LabelIssueCrops.ElementAtOrDefault(index));
                }

                html.Add($"</div>");
            }
        }
    }

    private static void WriteCard(HtmlBuilder html, DetectionAnalysis analysis, LabelIssue issue, byte[]? crop)
    {
        string name = analysis.NameOf(issue.ImageId);
        FocalSharp.Evaluation.Coco.CocoBox box = analysis.Matched.Results[issue.Detection].Box;
        html.Add($"<figure>");
        if (crop is not null)
        {
            html.Add($"<div class=\"pair one\">");
            Figure.WriteImage(html, crop, "crop", $"{name}: {issue.Reason}");
            html.Add($"</div>");
        }

        html.Add($"<figcaption><b>{name}</b> {issue.Reason} <span class=\"muted\">at x {box.X:F0}, y {box.Y:F0}</span></figcaption></figure>");
    }
}
