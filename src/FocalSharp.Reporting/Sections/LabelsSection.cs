using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>Labels that disagree with confident detections.</summary>
internal static class LabelsSection
{
    public const string Advice = "Check each of these, in the explorer or in your labeling tool, and correct the label if it is wrong.";

    private static readonly (LabelIssueKind Kind, string Title)[] Groups =
    [
        (LabelIssueKind.MissingLabel, "Possibly missing labels"),
        (LabelIssueKind.WrongClass, "Possibly wrong classes"),
        (LabelIssueKind.BadBox, "Possibly inaccurate boxes"),
    ];

    public static void Write(HtmlBuilder html, DetectionReport report)
    {
        DetectionAnalysis analysis = report.Analysis!;
        html.Add($"<p>Confident detections (scores at which at least 75 % of the class are correct) that disagree with the label, strongest first.");
        html.Add($"The detector may be the one that is wrong.</p>");
        html.Add($"<ul class=\"legend marks\"><li class=\"m-wrong\">detected</li><li class=\"m-label dash\">annotated</li></ul>");
        foreach ((LabelIssueKind kind, string title) in Groups)
        {
            (int Index, LabelIssue Item)[] issues = [.. analysis.Issues.Index().Where(pair => pair.Item.Kind == kind)];
            if (issues.Length > 0)
            {
                html.Add($"<h3>{title}</h3><div class=\"crops\">");
                foreach ((int index, LabelIssue issue) in issues)
                {
                    WriteCard(html, report.Links, analysis, issue, report.LabelIssueCrops.ElementAtOrDefault(index));
                }

                html.Add($"</div>");
            }
        }
    }

    private static void WriteCard(HtmlBuilder html, ImageLinks? links, DetectionAnalysis analysis, LabelIssue issue, byte[]? crop)
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

        html.Add($"<figcaption><b>{ImageLinks.ForIssue(links, issue.Kind, name)}</b> {issue.Reason} <span class=\"muted\">at x {box.X:F0}, y {box.Y:F0}</span></figcaption></figure>");
    }
}
