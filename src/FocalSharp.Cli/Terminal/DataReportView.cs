using System.Globalization;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting;
using FocalSharp.Datasets.Linting.Advice;
using Spectre.Console;

namespace FocalSharp.Cli.Terminal;

/// <summary>Prints the report of <c>data check</c>.</summary>
internal static class DataReportView
{
    private const int FewExamples = 3;
    private const int BarWidth = 24;

    /// <summary>Prints the report.</summary>
    /// <param name="ui">The console.</param>
    /// <param name="report">The report.</param>
    /// <param name="all">Whether to list all examples of each finding.</param>
    public static void Write(ConsoleUi ui, DatasetReport report, bool all)
    {
        ui.Heading($"{report.Name}: {Quantity.Format(report.Images, "image")}, {Quantity.Format(report.Objects, "object")}, {Quantity.Format(report.Classes.Count, "class")}");
        if (report.CrowdObjects + report.DifficultObjects > 0)
        {
            ui.Dim($"{report.CrowdObjects} crowd objects, {report.DifficultObjects} difficult objects");
        }

        if (report.ExifRotatedImages > 0)
        {
            ui.Dim($"{report.ExifRotatedImages} images are rotated or mirrored by EXIF; their boxes refer to the image as displayed");
        }

        WriteSplits(ui, report);
        WriteClasses(ui, report);
        WriteSizes(ui, report);
        WriteRegMax(ui, report.RegMaxReport);
        WriteFindings(ui, report, all);
        WriteRecommendations(ui, report.RecommendedSettings);
    }

    private static void WriteSplits(ConsoleUi ui, DatasetReport report)
    {
        ui.Line();
        Table table = Tables.Create(ui, "split", ">images", ">without objects", ">objects");
        foreach (SplitCount split in report.Splits)
        {
            string name = split.Split == DatasetSplit.Unassigned ? "(none)" : split.Split.ToString().ToLowerInvariant();
            table.Row(name, $"{split.Images}", $"{split.Background}", $"{split.Objects}");
        }

        ui.Write(table);
    }

    private static void WriteClasses(ConsoleUi ui, DatasetReport report)
    {
        ui.Line();
        Table table = Tables.Create(ui, "class", ">objects", ">images", ">share", "");
        double largest = Math.Max(1e-9, report.Classes.Max(row => row.Share));
        foreach (ClassCount row in report.Classes)
        {
            string bar = new(ui.IsInteractive ? '█' : '#', (int)Math.Round(BarWidth * row.Share / largest));
            table.Row(row.Name, $"{row.Objects}", $"{row.Images}", Percent(row.Share), bar);
        }

        ui.Write(table);
    }

    private static void WriteSizes(ConsoleUi ui, DatasetReport report)
    {
        BoxSizes sizes = report.Sizes;
        ui.Line();
        Table table = Tables.Create(ui, $"boxes at {sizes.InputSize} px", ">min", ">5%", ">median", ">95%", ">max");
        foreach ((string name, Quantiles values) in new[]
        {
            ("width", sizes.Width), ("height", sizes.Height), ("√area", sizes.Scale), ("width / height", sizes.AspectRatio),
        })
        {
            table.Row(name, Number(values.Min), Number(values.P5), Number(values.P50), Number(values.P95), Number(values.Max));
        }

        ui.Write(table);
        ui.Line($"COCO size classes at {sizes.InputSize} px: small {Percent(sizes.SmallAtInput)}, medium {Percent(sizes.MediumAtInput)}, large {Percent(sizes.LargeAtInput)}"
            + $" (in the original images {Percent(sizes.Small)}, {Percent(sizes.Medium)}, {Percent(sizes.Large)})");
    }

    private static void WriteRegMax(ConsoleUi ui, RegMaxReport range)
    {
        ui.Line();
        ui.Heading($"Range of regMax {range.RegMax} with strides {string.Join(", ", range.Strides)}");
        ui.Line($"{Percent(range.UnreachableSideFraction)} of the box sides and {Percent(range.UnreachableBoxFraction)} of the boxes are out of range (beyond regMax · stride).");
    }

    private static void WriteFindings(ConsoleUi ui, DatasetReport report, bool all)
    {
        ui.Line();
        int[] counts = [.. Enum.GetValues<LintSeverity>().Select(severity => report.Findings.Count(finding => finding.Severity == severity))];
        (int notes, int warnings, int errors) = (counts[0], counts[1], counts[2]);
        if (errors + warnings == 0)
        {
            ui.Success("No problems found.");
        }

        if (report.Findings.Count == 0)
        {
            return;
        }

        ui.Heading($"Findings: {Quantity.Format(errors, "error")}, {Quantity.Format(warnings, "warning")}, {Quantity.Format(notes, "note")}");
        Table table = Tables.Create(ui, "code", "severity", ">count", "finding");
        foreach (LintFinding finding in report.Findings)
        {
            table.Row(finding.Id, finding.Severity.ToString().ToLowerInvariant(), $"{finding.Count}", finding.Name);
        }

        ui.Write(table);
        foreach (LintFinding finding in report.Findings)
        {
            Write(ui, finding, all);
        }

        if (!all && report.Findings.Any(finding => finding.Count > FewExamples))
        {
            ui.Note("List all examples with --all.");
        }
    }

    private static void Write(ConsoleUi ui, LintFinding finding, bool all)
    {
        string text = $"{finding.Id} {finding.Name} ({finding.Count}): {finding.Text}.";
        switch (finding.Severity)
        {
            case LintSeverity.Error:
                ui.Error(text);
                break;
            case LintSeverity.Warning:
                ui.Warn(text);
                break;
            default:
                ui.Note($"note: {text}");
                break;
        }

        ui.Note($"  Fix: {finding.Fix}.");
        foreach (LintExample example in finding.Examples.Take(all ? int.MaxValue : FewExamples))
        {
            // The text of a problem found while reading already names its file and image.
            string where = example.File is not null && example.Box is null ? "" : example.Image is null ? "" : $"{example.Image}{(example.Object is { } index ? $", box {index}" : "")}: ";
            ui.Note($"  - {where}{example.Text}");
        }
    }

    private static void WriteRecommendations(ConsoleUi ui, RecommendedSettings? settings)
    {
        if (settings is null)
        {
            return;
        }

        ui.Line();
        ui.Heading("Recommended settings");
        foreach (string reason in settings.Reasons)
        {
            ui.Line($"  {reason}{(reason.EndsWith('.') ? "" : ".")}");
        }

        if (settings.Command is { } command)
        {
            ui.Line();
            ui.Line($"  {command}");
        }
    }

    private static string Percent(double fraction) => fraction.ToString("0.0%", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : "0", CultureInfo.InvariantCulture);
}
