using FocalSharp.Training.Reports.Markup;

namespace FocalSharp.Training.Reports.Sections;

/// <summary>A part of the page.</summary>
/// <param name="Id">Its anchor.</param>
/// <param name="Title">Its heading.</param>
/// <param name="IsPresent">Whether the report has what it shows.</param>
/// <param name="Write">Appends its content.</param>
internal sealed record Section(string Id, string Title, Func<TrainingReport, bool> IsPresent, Action<HtmlBuilder, TrainingReport> Write)
{
    /// <summary>The sections in their order on the page.</summary>
    public static IReadOnlyList<Section> All { get; } =
    [
        new("pictures", "What it sees", report => report.Pictures.Count > 0, PicturesSection.Write),
        new("curves", "How it learned", report => report.Log is { Rows.Count: > 0 }, CurvesSection.Write),
        new("accuracy", "How well it finds", report => report.Metrics is not null, AccuracySection.Write),
        new("precision", "Precision and recall", report => report.Metrics is { PerClass.Count: > 0 }, PrecisionRecallSection.Write),
        new("edges", "Which edges it is unsure of", report => report.Edges.Count > 1, EdgesSection.Write),
        new("calibration", "Whether its numbers can be believed", report => report.Calibration is { Score.Count: > 0 }, CalibrationSection.Write),
        new("settings", "How it was made", report => report.Settings.Count > 0 || report.Command.Length > 0, SettingsSection.Write),
    ];
}
