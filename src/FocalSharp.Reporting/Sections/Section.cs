using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>A part of the page.</summary>
/// <param name="Id">Its anchor.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Advice">One sentence that says what to do with it.</param>
/// <param name="IsPresent">Whether the report has what it shows.</param>
/// <param name="Write">Appends its content.</param>
internal sealed record Section(
    string Id, string Title, Func<TrainingReport, string> Advice, Func<TrainingReport, bool> IsPresent, Action<HtmlBuilder, TrainingReport> Write)
{
    /// <summary>The sections in their order on the page: what to do about the data first, then how good it is, then how it came about.</summary>
    public static IReadOnlyList<Section> All { get; } =
    [
        new("next", "What to do next", _ => NextStepsSection.Advice, report => report.Analysis is not null && NextStepsSection.GetSteps(report).Any(), NextStepsSection.Write),
        new("labels", "Labels to check", _ => LabelsSection.Advice, report => report.Analysis is { Issues.Count: > 0 }, LabelsSection.Write),
        new("worst", "Worst images", _ => WorstImagesSection.Advice, report => report.Analysis?.Images.Any(image => image.Total > 0) == true, WorstImagesSection.Write),
        new("errors", "What goes wrong, and what it costs", _ => ErrorsSection.Advice, report => report.Analysis is { Errors.AP: >= 0 }, ErrorsSection.Write),
        new("confusion", "What it mixes up", _ => ConfusionSection.Advice, report => report.Analysis is { Confusion.Classes.Count: > 0 }, ConfusionSection.Write),
        new("accuracy", "How well it finds", _ => AccuracySection.Advice, report => report.Metrics is not null, AccuracySection.Write),
        new("precision", "Precision, recall and the best threshold", _ => PrecisionRecallSection.Advice, report => report.Metrics is { PerClass.Count: > 0 }, PrecisionRecallSection.Write),
        new("pictures", "What it sees", _ => PicturesSection.Advice, report => report.Pictures.Count > 0, PicturesSection.Write),
        new("curves", "How it learned", _ => CurvesSection.Advice, report => report.Log is { Rows.Count: > 0 }, CurvesSection.Write),
        new("edges", "Which edges it is unsure of", _ => EdgesSection.Advice, report => report.Edges.Count > 1, EdgesSection.Write),
        new("calibration", "Whether its numbers can be believed", _ => CalibrationSection.Advice, report => report.Calibration is { Score.Count: > 0 }, CalibrationSection.Write),
        new("time", "Where the time went", TimeSection.GetAdvice, report => report.Phases is { TotalSeconds: > 0 }, TimeSection.Write),
        new("settings", "How it was made", _ => SettingsSection.Advice, report => report.Settings.Count > 0 || report.Command.Length > 0, SettingsSection.Write),
    ];
}
