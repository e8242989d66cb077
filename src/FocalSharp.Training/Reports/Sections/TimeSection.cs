using FocalSharp.Training.Reports.Markup;
using FocalSharp.Training.Trainers.Stages;

namespace FocalSharp.Training.Reports.Sections;

/// <summary>Where the training's time went.</summary>
internal static class TimeSection
{
    /// <summary>Part of the steps spent waiting for the loader from which it holds the training up.</summary>
    public const double SlowLoader = 0.1;

    private static readonly (string Name, string Meaning, int Color, TrainingStage[] Stages)[] Parts =
    [
        ("loader", "waiting for images: read, decode, augment", 2, [TrainingStage.LoaderWait]),
        ("network", "forward and backward", 1, [TrainingStage.Forward, TrainingStage.Backward]),
        ("losses", "anchors matched to objects, the three losses", 3, [TrainingStage.Assignment, TrainingStage.Losses]),
        ("weights", "gradients clipped, weights and their average moved", 4, [TrainingStage.Clip, TrainingStage.Optimizer, TrainingStage.StatisticsGuard, TrainingStage.MovingAverage]),
        ("around it", "bytes into tensors, records, the screen", 6, [TrainingStage.HostToTensor, TrainingStage.Logging]),
        ("judgements", "AP on the held-out images", 5, [TrainingStage.Evaluation]),
        ("files", "weights and states to disk", 6, [TrainingStage.Checkpoints]),
    ];

    public static string Advice(TrainingReport report) => report.Stages is { } stages && stages.LoaderShare >= SlowLoader
        ? $"Speed the loader up, which keeps the network waiting for {Share(stages.LoaderShare)} of each step: more --workers, a larger cacheMegabytes, or smaller image files."
        : "Nothing to do here unless training is too slow: the network has the time, so a smaller input size or a lighter recipe would help, not faster loading.";

    public static void Write(HtmlBuilder html, TrainingReport report)
    {
        StageTimes times = report.Stages!;
        double total = times.Total;
        html.Add($"<p>{Duration(total)} in all. Of the steps' time the loader took {Share(times.LoaderShare)} and the network {Share(times.NetworkShare)}.</p>");
        html.Add($"<div class=\"card\"><div class=\"stack\" role=\"img\" aria-label=\"Shares of the time: {Summary(times)}\">");
        foreach ((string name, double seconds, int color) in Filled(times))
        {
            html.Add($"<i class=\"c{color}\" style=\"width:{100 * seconds / total:F2}%\" title=\"{name} {Share(seconds / total)}\"></i>");
        }

        html.Add($"</div><div class=\"scroll\" tabindex=\"0\"><table><caption>Time by part</caption><thead><tr><th scope=\"col\">part</th><th scope=\"col\">time</th><th scope=\"col\">share</th><th scope=\"col\" class=\"text\">what it is</th></tr></thead><tbody>");
        foreach ((string name, string meaning, int color, TrainingStage[] stages) in Parts)
        {
            double seconds = stages.Sum(stage => times[stage]);
            html.Add($"<tr><th scope=\"row\"><span class=\"key c{color}\" aria-hidden=\"true\"></span>{name}</th><td>{Duration(seconds)}</td><td>{Share(seconds / total)}</td><td class=\"text muted\">{meaning}</td></tr>");
        }

        html.Add($"</tbody></table></div></div>");
    }

    private static IEnumerable<(string Name, double Seconds, int Color)> Filled(StageTimes times) =>
        Parts.Select(part => (part.Name, part.Stages.Sum(stage => times[stage]), part.Color)).Where(part => part.Item2 > 0);

    private static string Summary(StageTimes times) => string.Join(", ", Filled(times).Select(part => $"{part.Name} {Share(part.Seconds / times.Total)}"));

    private static string Share(double value) => FormattableString.Invariant($"{100 * value:F1} %");

    private static string Duration(double seconds) => seconds < 60
        ? FormattableString.Invariant($"{seconds:F1} s")
        : TimeSpan.FromSeconds(seconds).ToString(@"h\:mm\:ss", System.Globalization.CultureInfo.InvariantCulture);
}
