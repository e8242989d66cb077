using System.Globalization;
using System.Text;

namespace FocalSharp.Evaluation.Coco;

/// <summary>Plain-text tables of COCO metrics, for logs and terminals.</summary>
internal static class CocoMetricsTable
{
    private const int MaxNameColumns = 32;

    /// <summary>
    /// Formats the twelve metrics in lines of six, then one line per class with its objects, AP, AP50, AP75 and AR100. Undefined values are
    /// <c>n/a</c>.
    /// </summary>
    /// <param name="metrics">The metrics.</param>
    /// <param name="perClass">Whether the classes are included.</param>
    public static string Format(CocoMetrics metrics, bool perClass = true)
    {
        StringBuilder text = new();
        foreach (KeyValuePair<string, double>[] line in metrics.Summary.Chunk(6))
        {
            text.AppendLine(string.Concat(line.Select(number => $"{number.Key,9}")));
            text.AppendLine(string.Concat(line.Select(number => $"{Number(number.Value),9}")));
        }

        if (!perClass || metrics.PerClass.Count == 0)
        {
            return text.ToString();
        }

        int width = Math.Min(MaxNameColumns, Math.Max(5, metrics.PerClass.Max(row => row.Name.Length)));
        text.AppendLine();
        text.AppendLine($"{"class".PadRight(width)}  {"objects",8}{"AP",9}{"AP50",9}{"AP75",9}{metrics.ClassRecallName,9}");
        foreach (ClassMetrics row in metrics.PerClass)
        {
            string name = row.Name.Length > width ? row.Name[..(width - 1)] + "…" : row.Name.PadRight(width);
            double[] numbers = [row.AP, row.AP50, row.AP75, row.AR100];
            text.AppendLine($"{name}  {row.GroundTruths,8}{string.Concat(numbers.Select(value => $"{Number(value),9}"))}");
        }

        return text.ToString();
    }

    private static string Number(double value) => value < 0 ? "n/a" : value.ToString("0.0000", CultureInfo.InvariantCulture);
}
