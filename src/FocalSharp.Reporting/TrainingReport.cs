using FocalSharp.Evaluation.Calibration;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;

namespace FocalSharp.Reporting;

/// <summary>All that a run's page shows. What is absent leaves its section out.</summary>
public sealed record TrainingReport
{
    /// <summary>The run's name.</summary>
    public required string Title { get; init; }

    /// <summary>One line below it: data set, recipe, size, date.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>The judgement on the validation split.</summary>
    public CocoMetrics? Metrics { get; init; }

    /// <summary>AP of the weights that the training began with; null where they were not judged.</summary>
    public double? PretrainedAP { get; init; }

    /// <summary>What was judged, e.g. <c>72 images of bccd, test split</c>.</summary>
    public string EvaluatedOn { get; init; } = "the validation split";

    /// <summary>More headline numbers: name and formatted value, e.g. <c>training time</c> and <c>4 min 12 s</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Facts { get; init; } = [];

    /// <summary>The run's log, with the columns of <see cref="MetricsColumns"/>.</summary>
    public MetricsTable? Log { get; init; }

    /// <summary>Validation pictures.</summary>
    public IReadOnlyList<ReportPicture> Pictures { get; init; } = [];

    /// <summary>Sides of found objects, for the section on edge uncertainty.</summary>
    internal IReadOnlyList<EdgeObservation> Edges { get; init; } = [];

    /// <summary>How far scores and deviations can be believed.</summary>
    internal CalibrationReport? Calibration { get; init; }

    /// <summary>What goes wrong, where, and what that costs.</summary>
    internal DetectionAnalysis? Analysis { get; init; }

    /// <summary>The images with most errors.</summary>
    public IReadOnlyList<ReportPicture> WorstImages { get; init; } = [];

    /// <summary>A picture, PNG or JPEG, for each of the analysis's label suspects; null where there is none.</summary>
    public IReadOnlyList<byte[]?> LabelIssueCrops { get; init; } = [];

    /// <summary>Labelled objects of each class that were trained on; empty where nobody knows.</summary>
    public IReadOnlyDictionary<string, int> TrainingObjectCounts { get; init; } = new Dictionary<string, int>();

    /// <summary>Where the training's time went; null where nothing was trained or nobody measured.</summary>
    public PhaseTimings? Phases { get; init; }

    /// <summary>The run's settings: key and value.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>The command that made the run.</summary>
    public string Command { get; init; } = "";

    /// <summary>A command to try next.</summary>
    public string NextCommand { get; init; } = "";

    /// <summary>Version of the tool, for the foot of the page.</summary>
    public string Version { get; init; } = "";
}
