using System.Globalization;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Checks;
using Spectre.Console;

namespace FocalSharp.Cli.Terminal;

/// <summary>Shows what <c>data check</c> found.</summary>
internal static class DataReportView
{
    private const int MostProblems = 100;
    private const int BarWidth = 24;

    /// <summary>True where an entry could not be used; false where it was mended.</summary>
    public static bool IsFault(DatasetProblemKind kind) =>
        kind is not (DatasetProblemKind.DegenerateBox or DatasetProblemKind.OutsideBox or DatasetProblemKind.SizeMismatch or DatasetProblemKind.TurnedImage);

    public static void Write(ConsoleUi ui, DatasetReport report, bool allProblems)
    {
        ui.Heading($"{report.Name}: {report.Images} images, {report.Objects} objects, {report.Classes.Count} classes");
        if (report.CrowdObjects + report.DifficultObjects > 0)
        {
            ui.Quiet($"{report.CrowdObjects} crowds, {report.DifficultObjects} difficult");
        }

        if (report.TurnedImages > 0)
        {
            ui.Quiet($"{report.TurnedImages} photos are turned or mirrored by EXIF; their boxes are taken as drawn on the picture as shown");
        }

        WriteSplits(ui, report);
        WriteClasses(ui, report);
        WriteSizes(ui, report);
        WriteReach(ui, report.Reach);
        WriteProblems(ui, report, allProblems);
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
        foreach ((string name, Quantiles of) in new[]
        {
            ("width", sizes.Width), ("height", sizes.Height), ("√area", sizes.Scale), ("width / height", sizes.AspectRatio),
        })
        {
            table.Row(name, Number(of.Min), Number(of.P5), Number(of.P50), Number(of.P95), Number(of.Max));
        }

        ui.Write(table);
        ui.Line($"As COCO counts sizes, at {sizes.InputSize} px: small {Percent(sizes.SmallAtInput)}, medium {Percent(sizes.MediumAtInput)}, large {Percent(sizes.LargeAtInput)}"
            + $" (in the originals {Percent(sizes.Small)}, {Percent(sizes.Medium)}, {Percent(sizes.Large)})");
    }

    private static void WriteReach(ConsoleUi ui, ReachReport reach)
    {
        ui.Line();
        ui.Heading($"Reach of regMax {reach.RegMax} with strides {string.Join(", ", reach.Strides)}");
        ui.Line($"{Percent(reach.ShareOfSides)} of all box sides, {Percent(reach.ShareOfBoxes)} of the boxes lie beyond regMax · stride.");
        ui.Line($"Recommended: regMax {reach.Recommended.RegMax}, strides {string.Join(", ", reach.Recommended.Strides)}. {reach.Recommended.Reason}");
    }

    private static void WriteProblems(ConsoleUi ui, DatasetReport report, bool all)
    {
        ui.Line();
        if (report.Problems.Count == 0)
        {
            ui.Success("Nothing wrong was found.");
            return;
        }

        int faults = report.Problems.Count(problem => IsFault(problem.Kind));
        ui.Heading($"{report.Problems.Count} findings: {faults} that cannot be used, {report.Problems.Count - faults} mended or left out");
        foreach ((DatasetProblemKind kind, int count) in report.ProblemCounts)
        {
            ui.Line($"  {count,6}  {kind}");
        }

        foreach (DatasetProblem problem in report.Problems.Take(all ? int.MaxValue : MostProblems))
        {
            if (IsFault(problem.Kind))
            {
                ui.Error(problem.Message);
            }
            else
            {
                ui.Warn(problem.Message);
            }
        }

        if (!all && report.Problems.Count > MostProblems)
        {
            ui.Line($"… and {report.Problems.Count - MostProblems} more: --all lists them.");
        }
    }

    private static string Percent(double share) => share.ToString("0.0%", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : "0", CultureInfo.InvariantCulture);
}
