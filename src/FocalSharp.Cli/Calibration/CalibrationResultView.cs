using System.Globalization;
using FocalSharp.Cli.Terminal;
using FocalSharp.Detections.Calibration;
using FocalSharp.Evaluation.Calibration.Fitting;
using Spectre.Console;

namespace FocalSharp.Cli.Calibration;

/// <summary>Prints what was learned from labeled images.</summary>
internal static class CalibrationResultView
{
    /// <summary>Prints the score map, the deviation scale and the intervals, then the calibration error of each class before and after.</summary>
    public static void Write(ConsoleUi ui, CalibrationRun run, DetectionCalibration calibration)
    {
        ui.Line($"{Quantity.Format(calibration.Source!.Images, "image")}, {calibration.Source.Boxes} detections that match an object");
        ui.Field("scores", DescribeScores(calibration));
        if (calibration.Edges is { } edges)
        {
            ui.Field("deviations", DescribeScale(edges));
            WriteIntervals(ui, run, edges);
        }

        WriteErrors(ui, run, calibration);
    }

    private static string DescribeScores(DetectionCalibration calibration)
    {
        string target = calibration.ScoreTarget == ScoreMapFitter.PrecisionTarget ? "the probability of a correct detection" : "the IoU with the object";
        return calibration.Scores switch
        {
            null => $"unchanged: no map estimates {target} better on held-out images",
            { IsIsotonic: true } map => $"isotonic, {map.X.Length} knots, estimates {target}",
            { Intercept: 0 } map => string.Create(CultureInfo.InvariantCulture, $"temperature {1 / map.Slope:F2}, estimates {target}"),
            { } map => string.Create(CultureInfo.InvariantCulture, $"logistic, slope {map.Slope:F2}, intercept {map.Intercept:F2}, estimates {target}"),
        };
    }

    private static string DescribeScale(EdgeIntervalModel edges) => "depend on " + string.Join(", ", DeviationScale.FeatureNames
        .Select((name, i) => (Name: name.Replace('_', ' '), Value: edges.Scale.Coefficients[i])).Skip(1)
        .Where(feature => feature.Value != 0)
        .Select(feature => string.Create(CultureInfo.InvariantCulture, $"{feature.Name} ({feature.Value:+0.00;-0.00})"))
        .DefaultIfEmpty("nothing: they are constant"));

    private static void WriteIntervals(ConsoleUi ui, CalibrationRun run, EdgeIntervalModel edges)
    {
        ui.Line();
        Table table = Tables.Create(ui, ["half width, in deviations", ">examples", .. edges.All.Levels.Select(level => $">edge {level:P0}"), .. edges.All.Levels.Select(level => $">box {level:P0}")]);
        Add("all", edges.All);
        foreach ((int label, IntervalRow row) in edges.ByClass.OrderBy(pair => pair.Key))
        {
            Add(run.Model.Classes[label], row);
        }

        foreach ((string name, IntervalRow? row) in new[] { "small", "medium", "large" }.Zip(edges.BySize))
        {
            if (row is not null)
            {
                Add(name, row);
            }
        }

        ui.Write(table);

        void Add(string name, IntervalRow row) => table.Row([name, $"{row.Boxes}", .. row.Edge.Select(Format), .. row.Box.Select(Format)]);
    }

    private static void WriteErrors(ConsoleUi ui, CalibrationRun run, DetectionCalibration calibration)
    {
        IReadOnlyList<ScoreSample> before = ScoreMapFitter.Observe(run.Observed.Images, run.Observed.Detections, calibration.ScoreTarget);
        ScoreSample[] after = [.. before.Select(sample => sample with { Score = calibration.MapScore(sample.Score) })];
        IReadOnlyDictionary<int, DetectionCalibrationError> classesBefore = DetectionCalibrationError.ComputePerClass(before);
        IReadOnlyDictionary<int, DetectionCalibrationError> classesAfter = DetectionCalibrationError.ComputePerClass(after);
        ui.Line();
        Table table = Tables.Create(ui, "calibration error", ">detections", ">D-ECE before", ">after", ">LaECE before", ">after");
        Add("all", DetectionCalibrationError.Compute(before), DetectionCalibrationError.Compute(after));
        foreach (int label in classesBefore.Count > 1 ? classesBefore.Keys.Order() : Enumerable.Empty<int>())
        {
            Add(run.Model.Classes[label], classesBefore[label], classesAfter[label]);
        }

        ui.Write(table);
        ui.Dim("On the images that calibrated it. Measure on others with --check.");

        void Add(string name, DetectionCalibrationError one, DetectionCalibrationError other) => table.Row(
            name, $"{one.Detections}", FormatError(one.Precision), FormatError(other.Precision), FormatError(one.Localization), FormatError(other.Localization));
    }

    private static string Format(double value) => double.IsFinite(value) ? value.ToString("F2", CultureInfo.InvariantCulture) : "too few";

    private static string FormatError(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
