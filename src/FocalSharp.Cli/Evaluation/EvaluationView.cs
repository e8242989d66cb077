using System.Globalization;
using FocalSharp.Cli.Terminal;
using FocalSharp.Evaluation.Bootstrap;
using FocalSharp.Evaluation.Protocols;
using Spectre.Console;

namespace FocalSharp.Cli.Evaluation;

/// <summary>Prints the tables of an evaluation.</summary>
internal static class EvaluationView
{
    /// <summary>Prints the metrics, and the intervals if there was a bootstrap.</summary>
    public static void Write(ConsoleUi ui, EvaluatedDetector detector)
    {
        if (detector.Settings.HasCocoMetrics)
        {
            Tables.Write(ui, detector.Coco);
        }
        else
        {
            WriteProtocol(ui, detector);
        }

        if (detector.Settings.Protocol == EvaluationProtocol.Lvis && detector.ByFrequency.Count > 0)
        {
            ui.Line(string.Join(", ", detector.ByFrequency.Select(row => $"{row.Name} {Format(row.Value)}")) + " (rare, common, frequent classes)");
        }

        if (detector.Samples is not null)
        {
            WriteIntervals(ui, detector, detector.Settings.Bootstrap!);
        }
    }

    /// <summary>Prints the difference to another detector.</summary>
    public static void WriteComparison(ConsoleUi ui, EvaluatedDetector detector, EvaluatedDetector other)
    {
        BootstrapOptions options = detector.Settings.Bootstrap!;
        ui.Line();
        ui.Heading($"{detector.Name} against {other.Name} (paired bootstrap, {options.Resamples} resamples of {detector.Matches.ImageIds.Count} images)");
        Table table = Tables.Create(ui, "", $">{detector.Name}", $">{other.Name}", ">difference", $">{options.Level:P0} interval", ">p");
        IReadOnlyList<(string Name, PairedComparison Comparison)> rows = detector.Compare(other);
        foreach ((string name, PairedComparison comparison) in rows)
        {
            table.Row(
                name, Tables.FormatScore(comparison.First), Tables.FormatScore(comparison.Second), FormatSigned(comparison.Difference),
                $"{FormatSigned(comparison.Interval.Low)} to {FormatSigned(comparison.Interval.High)}", comparison.PValue.ToString("0.000", CultureInfo.InvariantCulture));
        }

        ui.Write(table);
        if (rows is [(_, var ap), ..])
        {
            ui.Line(ap.Interval is { Low: > 0 } or { High: < 0 }
                ? $"{(ap.Difference > 0 ? detector.Name : other.Name)} has the higher AP; the interval of the difference does not contain 0."
                : "The interval of the difference contains 0: these images do not show which has the higher AP.");
        }
    }

    private static void WriteProtocol(ConsoleUi ui, EvaluatedDetector detector)
    {
        ProtocolMetrics metrics = detector.Protocol;
        Table summary = Tables.Create(ui, "", ">value", "");
        summary.Row(metrics.Protocol is EvaluationProtocol.OpenImages ? "AP" : "mAP", Format(metrics.AP), $"{Describe(metrics.Protocol)}, {Tables.DescribeIou(metrics.IouThresholds)}");
        for (int t = 0; t < metrics.IouThresholds.Count && metrics.IouThresholds.Count > 1; t++)
        {
            summary.Row(string.Create(CultureInfo.InvariantCulture, $"AP {metrics.IouThresholds[t]:0.0#}"), Format(metrics.ByThreshold[t]), "");
        }

        ui.Write(summary);
        ui.Line();
        Table classes = Tables.Create(ui, "class", ">objects", ">AP", ">recall");
        foreach (ProtocolClassMetrics row in metrics.PerClass)
        {
            classes.Row(row.Name, $"{row.Objects}", Format(row.AP), Format(row.Recall));
        }

        ui.Write(classes);
    }

    private static void WriteIntervals(ConsoleUi ui, EvaluatedDetector detector, BootstrapOptions options)
    {
        ui.Line();
        ui.Heading(string.Create(CultureInfo.InvariantCulture, $"{options.Level:P0} confidence intervals ({options.Resamples} resamples of {detector.Matches.ImageIds.Count} images)"));
        Table table = Tables.Create(ui, "", ">value", ">low", ">high");
        foreach ((string name, double? value, double[]? samples) in detector.Headline)
        {
            AddRow(table, name, value, samples!, options.Level);
        }

        for (int k = 0; k < detector.Protocol.PerClass.Count && detector.Protocol.PerClass.Count > 1; k++)
        {
            AddRow(table, $"AP of {detector.Protocol.PerClass[k].Name}", detector.Protocol.PerClass[k].AP, detector.Samples!.ByClass[k], options.Level);
        }

        ui.Write(table);
    }

    private static void AddRow(Table table, string name, double? value, double[] samples, double level)
    {
        ConfidenceInterval? interval = value is { } estimate ? ConfidenceInterval.FromSamples(samples, estimate, level) : null;
        table.Row(name, Format(value), Format(interval?.Low), Format(interval?.High));
    }

    private static string Describe(EvaluationProtocol protocol) => protocol switch
    {
        EvaluationProtocol.Voc07 => "Pascal VOC 2007, 11 recalls",
        EvaluationProtocol.Voc12 => "Pascal VOC 2012, area under the curve",
        _ => "Open Images Challenge",
    };

    private static string Format(double? value) => Tables.FormatScore(value ?? double.NaN);

    private static string FormatSigned(double value) => value.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture);
}
