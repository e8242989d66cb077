using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>The confusion matrix of annotated and detected classes.</summary>
internal static class ConfusionSection
{
    public const string Advice =
        "Each row shows how the objects of a class are detected: label more examples of confused classes and of classes with many missed objects.";

    private const int MaxClasses = 15;
    private const int MaxPairs = 10;

    public static void Write(HtmlBuilder html, DetectionReport report)
    {
        ConfusionMatrix matrix = report.Analysis!.Confusion;
        int[] classes = SelectClasses(matrix);
        html.Add($"<p>Score ≥ {matrix.MinScore:F2} (best F1 over all classes), IoU ≥ {matrix.Iou:F2}, matched as for AP. Colors show the fraction of the row.");
        if (classes.Length < matrix.BackgroundIndex)
        {
            html.Add($"Only the {classes.Length} most confused of {matrix.BackgroundIndex} classes are shown.");
        }

        html.Add($"</p>");
        WritePairs(html, matrix);
        WriteMatrix(html, report.Links, matrix, [.. classes, matrix.BackgroundIndex]);
    }

    private static void WriteMatrix(HtmlBuilder html, ImageLinks? links, ConfusionMatrix matrix, int[] shown)
    {
        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table class=\"confusion\"><caption>Confusion matrix at score ≥ {matrix.MinScore:F2}, IoU ≥ {matrix.Iou:F2}: rows are annotated, columns detected</caption>");
        html.Add($"<thead><tr><th scope=\"col\">annotated ↓ detected →</th>");
        foreach (int column in shown)
        {
            html.Add($"<th scope=\"col\"><span>{(column == matrix.BackgroundIndex ? "missed" : matrix.Classes[column])}</span></th>");
        }

        html.Add($"<th scope=\"col\"><span>recall</span></th></tr></thead><tbody>");
        foreach (int row in shown.Where(row => row != matrix.BackgroundIndex))
        {
            double all = Math.Max(1, Enumerable.Range(0, matrix.BackgroundIndex + 1).Sum(column => matrix[row, column]));
            html.Add($"<tr><th scope=\"row\">{matrix.Classes[row]}</th>");
            foreach (int column in shown)
            {
                int count = matrix[row, column];
                string kind = row == column ? "good" : "bad";
                html.Add($"<td class=\"cell {kind}\" style=\"--share:{100 * count / all:F0}%\">{ImageLinks.ForCell(links, count, matrix.Classes[row], column == matrix.BackgroundIndex ? "" : matrix.Classes[column])}</td>");
            }

            html.Add($"<td>{FormatPercent(matrix.Recall(row))}</td></tr>");
        }

        WriteUnmatched(html, links, matrix, shown);

        html.Add($"<tr><th scope=\"row\">precision</th>");
        foreach (int column in shown)
        {
            html.Add($"<td>{(column == matrix.BackgroundIndex ? "" : FormatPercent(matrix.Precision(column)))}</td>");
        }

        html.Add($"<td></td></tr></tbody></table></div>");
    }

    // Detections that are on no object, or on one that another detection has found.
    private static void WriteUnmatched(HtmlBuilder html, ImageLinks? links, ConfusionMatrix matrix, int[] shown)
    {
        foreach (ErrorKind kind in ConfusionMatrix.UnmatchedKinds)
        {
            int all = Enumerable.Range(0, matrix.BackgroundIndex).Sum(column => matrix.CountUnmatched(kind, column));
            if (all == 0)
            {
                continue;
            }

            html.Add($"<tr><th scope=\"row\">{GetUnmatchedName(kind)}</th>");
            foreach (int column in shown.Where(column => column != matrix.BackgroundIndex))
            {
                int count = matrix.CountUnmatched(kind, column);
                html.Add($"<td class=\"cell bad\" style=\"--share:{100.0 * count / all:F0}%\">{ImageLinks.ForCell(links, count, "", matrix.Classes[column], kind)}</td>");
            }

            html.Add($"<td class=\"muted\">–</td><td></td></tr>");
        }
    }

    private static string GetUnmatchedName(ErrorKind kind) => kind switch
    {
        ErrorKind.Location => "badly located",
        ErrorKind.Duplicate => "duplicate",
        ErrorKind.Class => "other class, object found already",
        ErrorKind.Both => "other class, badly located",
        _ => "background",
    };

    private static void WritePairs(HtmlBuilder html, ConfusionMatrix matrix)
    {
        (int Row, int Column)[] pairs = [.. Enumerable.Range(0, matrix.BackgroundIndex)
            .SelectMany(row => Enumerable.Range(0, matrix.BackgroundIndex).Where(column => column != row && matrix[row, column] > 0).Select(column => (row, column)))
            .OrderByDescending(pair => matrix[pair.row, pair.column])];
        if (pairs.Length == 0)
        {
            html.Add($"<p>No confusions between classes.</p>");
            return;
        }

        html.Add($"<p>Most confused: {string.Join("; ", pairs.Take(MaxPairs).Select(pair => $"{matrix.Classes[pair.Row]} as {matrix.Classes[pair.Column]} ({matrix[pair.Row, pair.Column]})"))}.</p>");
    }

    private static int[] SelectClasses(ConfusionMatrix matrix) => matrix.BackgroundIndex <= MaxClasses
        ? [.. Enumerable.Range(0, matrix.BackgroundIndex)]
        : [.. Enumerable.Range(0, matrix.BackgroundIndex).OrderByDescending(k => CountConfusions(matrix, k)).Take(MaxClasses).Order()];

    private static int CountConfusions(ConfusionMatrix matrix, int k) =>
        Enumerable.Range(0, matrix.BackgroundIndex).Where(other => other != k).Sum(other => matrix[k, other] + matrix[other, k]);

    private static string FormatPercent(double value) => double.IsFinite(value) ? FormattableString.Invariant($"{100 * value:F0} %") : "–";
}
