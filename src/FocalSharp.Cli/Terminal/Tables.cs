using System.Globalization;
using FocalSharp.Evaluation.Coco;
using Spectre.Console;

namespace FocalSharp.Cli.Terminal;

/// <summary>Creates tables: with borders on a terminal, plain columns in a file.</summary>
internal static class Tables
{
    // Below this width, the class table would be wrapped.
    private const int WideConsole = 96;

    private static readonly Dictionary<string, string> Descriptions = new(StringComparer.Ordinal)
    {
        ["AP50"] = "IoU 0.50",
        ["AP75"] = "IoU 0.75",
        ["APs"] = "small objects, below 32² px",
        ["APm"] = "medium objects",
        ["APl"] = "large objects, above 96² px",
        ["ARs"] = "recall of small objects",
        ["ARm"] = "recall of medium objects",
        ["ARl"] = "recall of large objects",
    };

    /// <summary>Creates an empty table; columns whose name begins with <c>&gt;</c> are right-aligned.</summary>
    public static Table Create(ConsoleUi ui, params string[] columns)
    {
        Table table = new Table().Border(ui.IsInteractive ? TableBorder.Rounded : TableBorder.None).BorderStyle(new Style(decoration: Decoration.Dim));
        foreach (string column in columns)
        {
            bool right = column.StartsWith('>');
            TableColumn created = new(new Text(column.TrimStart('>'), new Style(decoration: Decoration.Bold)));
            created.NoWrap = table.Columns.Count == 0; // names stay whole on narrow terminals; descriptions wrap between words
            created.Padding = ui.IsInteractive ? created.Padding : new Padding(0, 0, 2, 0);
            table.AddColumn(right ? created.RightAligned() : created);
        }

        return table;
    }

    /// <summary>Adds a row of plain text.</summary>
    public static void Row(this Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));

    /// <summary>Prints COCO's metrics, then those by object size and of each class.</summary>
    public static void Write(ConsoleUi ui, CocoMetrics metrics)
    {
        Table summary = Create(ui, "", ">value", "");
        foreach ((string name, double value) in metrics.Summary)
        {
            summary.Row(name, FormatScore(value), Describe(name, metrics.Options));
        }

        ui.Write(summary);
        WriteSizes(ui, metrics);
        if (metrics.PerClass.Count > 1)
        {
            ui.Line();
            string recall = metrics.ClassRecallName;
            string[] sizes = ui.Out.Profile.Width >= WideConsole ? [">APs", ">APm", ">APl"] : [];
            Table classes = Create(ui, ["class", ">objects", ">AP", ">AP50", ">AP75", $">{recall}", .. sizes]);
            foreach (ClassMetrics row in metrics.PerClass)
            {
                string[] cells = [row.Name, $"{row.GroundTruths}", .. Format(row.AP, row.AP50, row.AP75, row.AR100, row.APs, row.APm, row.APl)];
                classes.Row(cells[..(6 + sizes.Length)]);
            }

            ui.Write(classes);
        }
    }

    /// <summary>Describes the IoU thresholds of an evaluation.</summary>
    public static string DescribeIou(IReadOnlyList<double> thresholds)
    {
        string Format(double value) => value.ToString("0.00##", CultureInfo.InvariantCulture);
        return thresholds.Count == 1 ? $"IoU {Format(thresholds[0])}" : $"mean over IoU {Format(thresholds[0])} to {Format(thresholds[^1])}";
    }

    private static void WriteSizes(ConsoleUi ui, CocoMetrics metrics)
    {
        (string Name, int Objects)[] sizes =
        [
            ("small", metrics.PerClass.Sum(row => row.SmallGroundTruths)),
            ("medium", metrics.PerClass.Sum(row => row.MediumGroundTruths)),
            ("large", metrics.PerClass.Sum(row => row.LargeGroundTruths)),
        ];
        ui.Line();
        Table table = Create(ui, "size", ">objects", ">AP", ">AP50", ">AP75", $">{metrics.ClassRecallName}");
        foreach ((string name, int objects) in sizes)
        {
            table.Row([name, $"{objects}", .. Format(
                metrics.Arrays.AveragePrecision(area: name),
                metrics.Arrays.AveragePrecision(0.5, name),
                metrics.Arrays.AveragePrecision(0.75, name),
                metrics.Arrays.AverageRecall(area: name))]);
        }

        ui.Write(table);
    }

    private static IEnumerable<string> Format(params double[] scores) => scores.Select(FormatScore);

    private static string Describe(string name, CocoEvaluationOptions options) => name switch
    {
        "AP" => DescribeIou(options.IouThresholds),
        ['A', 'R', >= '0' and <= '9', ..] => $"recall, {name[2..]} {(name == "AR1" ? "detection" : "detections")} per image and class",
        _ => Descriptions.GetValueOrDefault(name, ""),
    };

    /// <summary>Formats a score with four decimals; <c>n/a</c> if it is undefined.</summary>
    public static string FormatScore(double value) => value <= -1 || double.IsNaN(value) ? "n/a" : value.ToString("0.0000", CultureInfo.InvariantCulture);
}
