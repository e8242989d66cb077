using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>A section of the report.</summary>
/// <param name="Id">The id of the element.</param>
/// <param name="Title">The heading.</param>
/// <param name="Advice">A sentence that explains how to use it.</param>
/// <param name="IsPresent">Returns whether the report contains its data.</param>
/// <param name="Write">Writes the content.</param>
internal sealed record Section(
    string Id, string Title, Func<DetectionReport, string> Advice, Func<DetectionReport, bool> IsPresent, Action<HtmlBuilder, DetectionReport> Write)
{
    /// <summary>Gets the sections in order: next steps and data first, then accuracy, then training.</summary>
    public static IReadOnlyList<Section> All { get; } =
    [
        new("next", "Next steps", _ => NextStepsSection.Advice, report => report.Analysis is not null && NextStepsSection.GetSteps(report).Any(), NextStepsSection.Write),
        new("labels", "Labels to check", _ => LabelsSection.Advice, report => report.Analysis is { Issues.Count: > 0 }, LabelsSection.Write),
        new("worst", "Worst images", _ => WorstImagesSection.Advice, report => report.Analysis?.Images.Any(image => image.Total > 0) == true, WorstImagesSection.Write),
        new("errors", "Errors and their cost", _ => ErrorsSection.Advice, report => report.Analysis is { Errors.AP: >= 0 }, ErrorsSection.Write),
        new("confusion", "Confusion matrix", _ => ConfusionSection.Advice, report => report.Analysis is { Confusion.Classes.Count: > 0 }, ConfusionSection.Write),
        new("accuracy", "Accuracy", _ => AccuracySection.Advice, report => report.Metrics is not null, AccuracySection.Write),
        new("precision", "Precision, recall and threshold", _ => PrecisionRecallSection.Advice, report => report.Metrics is { PerClass.Count: > 0 }, PrecisionRecallSection.Write),
        new("pictures", "Evaluated images", _ => PicturesSection.Advice, report => report.Pictures.Count > 0, PicturesSection.Write),
        new("curves", "Training curves", _ => CurvesSection.Advice, report => report.Log is { Rows.Count: > 0 }, CurvesSection.Write),
        new("edges", "Edge uncertainty", _ => EdgesSection.Advice, report => report.Edges.Count > 1, EdgesSection.Write),
        new("calibration", "Calibration", _ => CalibrationSection.Advice, report => report.Calibration is { Score.Count: > 0 }, CalibrationSection.Write),
        new("time", "Training time", TimeSection.GetAdvice, report => report.Phases is { TotalSeconds: > 0 }, TimeSection.Write),
        new("tuning", "Tuning", _ => TuningSection.Advice, report => report.Tuning is { Rows.Count: > 0 }, TuningSection.Write),
        new("settings", "Settings", _ => SettingsSection.Advice, report => report.Settings.Count > 0 || report.Command.Length > 0, SettingsSection.Write),
    ];
}
