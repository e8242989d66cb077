using System.Globalization;
using FocalSharp.Evaluation.Coco;
using Spectre.Console;

namespace FocalSharp.Cli.Terminal;

/// <summary>Creates tables: with borders on a terminal, plain columns in a file.</summary>
internal static class Tables
{
    private static readonly Dictionary<string, string> Descriptions = new(StringComparer.Ordinal)
    {
        ["AP"] = "mean over IoU 0.50 to 0.95",
        ["AP50"] = "IoU 0.50",
        ["AP75"] = "IoU 0.75",
        ["APs"] = "small objects, below 32² px",
        ["APm"] = "medium objects",
        ["APl"] = "large objects, above 96² px",
        ["AR1"] = "recall, 1 detection per image and class",
        ["AR10"] = "recall, 10 detections per image and class",
        ["AR100"] = "recall, 100 detections per image and class",
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
            created.Padding = ui.IsInteractive ? created.Padding : new Padding(0, 0, 2, 0);
            table.AddColumn(right ? created.RightAligned() : created);
        }

        return table;
    }

    /// <summary>Adds a row of plain text.</summary>
    public static void Row(this Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));

    /// <summary>Prints COCO's twelve metrics, then the metrics of each class.</summary>
    public static void Write(ConsoleUi ui, CocoMetrics metrics)
    {
        Table summary = Create(ui, "", ">value", "");
        foreach ((string name, double value) in metrics.Summary)
        {
            summary.Row(name, FormatScore(value), Descriptions.GetValueOrDefault(name, ""));
        }

        ui.Write(summary);
        if (metrics.PerClass.Count > 1)
        {
            ui.Line();
            Table classes = Create(ui, "class", ">objects", ">AP", ">AP50", ">AP75", ">AR100");
            foreach (ClassMetrics row in metrics.PerClass)
            {
                classes.Row(row.Name, $"{row.GroundTruths}", FormatScore(row.AP), FormatScore(row.AP50), FormatScore(row.AP75), FormatScore(row.AR100));
            }

            ui.Write(classes);
        }
    }

    /// <summary>Formats a score with four decimals; a dash if it is undefined.</summary>
    public static string FormatScore(double value) => value <= -1 || double.IsNaN(value) ? "–" : value.ToString("0.0000", CultureInfo.InvariantCulture);
}
