using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>What was annotated against what was detected.</summary>
internal static class ConfusionSection
{
    public const string Advice =
        "Read along a row what becomes of a class: label more examples of pairs that are mixed up, and of classes of which many are not found.";

    private const int MaxClasses = 15;
    private const int MaxPairs = 10;

    public static void Write(HtmlBuilder html, TrainingReport report)
    {
        ConfusionMatrix matrix = report.Analysis!.Confusion;
        int[] classes = SelectClasses(matrix);
        html.Add($"<p>Score ≥ {matrix.MinScore:F2} (the best F1 of all classes), IoU ≥ {matrix.Iou:F2}, matched as for AP. Shades are shares of the row.");
        if (classes.Length < matrix.BackgroundIndex)
        {
            html.Add($"Of {matrix.BackgroundIndex} classes those {classes.Length} are shown that are mixed up most.");
        }

        html.Add($"</p>");
        WritePairs(html, matrix);
        WriteMatrix(html, matrix, [.. classes, matrix.BackgroundIndex]);
    }

    private static void WriteMatrix(HtmlBuilder html, ConfusionMatrix matrix, int[] shown)
    {
        html.Add($"<div class=\"card scroll\" tabindex=\"0\"><table class=\"confusion\"><caption>Confusion matrix at score ≥ {matrix.MinScore:F2}, IoU ≥ {matrix.Iou:F2}: rows are annotated, columns detected</caption>");
        html.Add($"<thead><tr><th scope=\"col\">annotated ↓ detected →</th>");
        foreach (int column in shown)
        {
            html.Add($"<th scope=\"col\">{(column == matrix.BackgroundIndex ? "not found" : matrix.Classes[column])}</th>");
        }

        html.Add($"<th scope=\"col\">recall</th></tr></thead><tbody>");
        foreach (int row in shown)
        {
            double all = Math.Max(1, Enumerable.Range(0, matrix.BackgroundIndex + 1).Sum(column => matrix[row, column]));
            html.Add($"<tr><th scope=\"row\">{(row == matrix.BackgroundIndex ? "nothing there" : matrix.Classes[row])}</th>");
            foreach (int column in shown)
            {
                if (row == matrix.BackgroundIndex && column == matrix.BackgroundIndex)
                {
                    html.Add($"<td class=\"muted\">–</td>");
                    continue;
                }

                int count = matrix[row, column];
                string kind = row == column ? "good" : "bad";
                html.Add($"<td class=\"cell {kind}\" style=\"--share:{100 * count / all:F0}%\">{count}</td>");
            }

            html.Add($"<td>{(row == matrix.BackgroundIndex ? "" : FormatPercent(matrix.Recall(row)))}</td></tr>");
        }

        html.Add($"<tr><th scope=\"row\">precision</th>");
        foreach (int column in shown)
        {
            html.Add($"<td>{(column == matrix.BackgroundIndex ? "" : FormatPercent(matrix.Precision(column)))}</td>");
        }

        html.Add($"<td></td></tr></tbody></table></div>");
    }

    private static void WritePairs(HtmlBuilder html, ConfusionMatrix matrix)
    {
        (int Row, int Column)[] pairs = [.. Enumerable.Range(0, matrix.BackgroundIndex)
            .SelectMany(row => Enumerable.Range(0, matrix.BackgroundIndex).Where(column => column != row && matrix[row, column] > 0).Select(column => (row, column)))
            .OrderByDescending(pair => matrix[pair.row, pair.column])];
        if (pairs.Length == 0)
        {
            html.Add($"<p>No object is taken for one of another class.</p>");
            return;
        }

        html.Add($"<p>Mixed up most: {string.Join("; ", pairs.Take(MaxPairs).Select(pair => $"{matrix.Classes[pair.Row]} as {matrix.Classes[pair.Column]} ({matrix[pair.Row, pair.Column]})"))}.</p>");
    }

    private static int[] SelectClasses(ConfusionMatrix matrix) => matrix.BackgroundIndex <= MaxClasses
        ? [.. Enumerable.Range(0, matrix.BackgroundIndex)]
        : [.. Enumerable.Range(0, matrix.BackgroundIndex).OrderByDescending(k => CountConfusions(matrix, k)).Take(MaxClasses).Order()];

    private static int CountConfusions(ConfusionMatrix matrix, int k) =>
        Enumerable.Range(0, matrix.BackgroundIndex).Where(other => other != k).Sum(other => matrix[k, other] + matrix[other, k]);

    private static string FormatPercent(double value) => double.IsFinite(value) ? FormattableString.Invariant($"{100 * value:F0} %") : "–";
}
