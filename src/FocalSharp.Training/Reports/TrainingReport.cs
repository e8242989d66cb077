using FocalSharp.Evaluation;
using FocalSharp.Evaluation.Calibration;
using FocalSharp.Training.Runs;

namespace FocalSharp.Training.Reports;

/// <summary>All that a run's page shows. What is absent leaves its section out.</summary>
public sealed record TrainingReport
{
    /// <summary>The run's name.</summary>
    public required string Title { get; init; }

    /// <summary>One line below it: data set, recipe, size, date.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>The judgement on the validation split.</summary>
    public CocoMetrics? Metrics { get; init; }

    /// <summary>What was judged, e.g. <c>72 images of bccd, test split</c>.</summary>
    public string JudgedOn { get; init; } = "the validation split";

    /// <summary>More headline numbers: name and formatted value, e.g. <c>training time</c> and <c>4 min 12 s</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Facts { get; init; } = [];

    /// <summary>The run's log, with the columns of <see cref="MetricsColumns"/>.</summary>
    public MetricsTable? Log { get; init; }

    /// <summary>Validation pictures.</summary>
    public IReadOnlyList<ReportPicture> Pictures { get; init; } = [];

    /// <summary>Sides of found objects, for the section on edge uncertainty.</summary>
    public IReadOnlyList<EdgeObservation> Edges { get; init; } = [];

    /// <summary>How far scores and deviations can be believed.</summary>
    public CalibrationReport? Calibration { get; init; }

    /// <summary>The run's settings: key and value.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>The command that made the run.</summary>
    public string Command { get; init; } = "";

    /// <summary>A command to try next.</summary>
    public string NextCommand { get; init; } = "";

    /// <summary>Version of the tool, for the foot of the page.</summary>
    public string Version { get; init; } = "";
}
