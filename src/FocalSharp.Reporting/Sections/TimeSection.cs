using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>Where the training's time went.</summary>
internal static class TimeSection
{
    /// <summary>Part of the steps spent waiting for the loader from which it holds the training up.</summary>
    public const double SlowLoaderFraction = 0.1;

    private static readonly (string Name, string Meaning, int Color, StepPhase[] Stages)[] Parts =
    [
        ("loader", "waiting for images: read, decode, augment", 2, [StepPhase.LoaderWait]),
        ("network", "forward and backward", 1, [StepPhase.Forward, StepPhase.Backward]),
        ("losses", "anchors matched to objects, the three losses", 3, [StepPhase.Assignment, StepPhase.Losses]),
        ("weights", "gradients clipped, weights and their average moved", 4, [StepPhase.Clip, StepPhase.Optimizer, StepPhase.StatisticsGuard, StepPhase.MovingAverage]),
        ("around it", "bytes into tensors, records, the screen", 6, [StepPhase.HostToTensor, StepPhase.Logging]),
        ("judgements", "AP on the held-out images", 5, [StepPhase.Evaluation]),
        ("files", "weights and states to disk", 6, [StepPhase.Checkpoints]),
    ];

    public static string GetAdvice(TrainingReport report) => report.Phases is { } stages && stages.LoaderFraction >= SlowLoaderFraction
        ? $"Speed the loader up, which keeps the network waiting for {FormatPercent(stages.LoaderFraction)} of each step: more --workers, a larger cacheMegabytes, or smaller image files."
        : "Nothing to do here unless training is too slow: the network has the time, so a smaller input size or a lighter recipe would help, not faster loading.";

    public static void Write(HtmlBuilder html, TrainingReport report)
    {
        PhaseTimings times = report.Phases!;
        double total = times.TotalSeconds;
        html.Add($"<p>{FormatDuration(total)} in all. Of the steps' time the loader took {FormatPercent(times.LoaderFraction)} and the network {FormatPercent(times.NetworkFraction)}.</p>");
        html.Add($"<div class=\"card\"><div class=\"stack\" role=\"img\" aria-label=\"Shares of the time: {FormatSummary(times)}\">");
        foreach ((string name, double seconds, int color) in GetNonEmptyParts(times))
        {
            html.Add($"<i class=\"c{color}\" style=\"width:{100 * seconds / total:F2}%\" title=\"{name} {FormatPercent(seconds / total)}\"></i>");
        }

        html.Add($"</div><div class=\"scroll\" tabindex=\"0\"><table><caption>Time by part</caption><thead><tr><th scope=\"col\">part</th><th scope=\"col\">time</th><th scope=\"col\">share</th><th scope=\"col\" class=\"text\">what it is</th></tr></thead><tbody>");
        foreach ((string name, string meaning, int color, StepPhase[] stages) in Parts)
        {
            double seconds = stages.Sum(stage => times[stage]);
            html.Add($"<tr><th scope=\"row\"><span class=\"key c{color}\" aria-hidden=\"true\"></span>{name}</th><td>{FormatDuration(seconds)}</td><td>{FormatPercent(seconds / total)}</td><td class=\"text muted\">{meaning}</td></tr>");
        }

        html.Add($"</tbody></table></div></div>");
    }

    private static IEnumerable<(string Name, double Seconds, int Color)> GetNonEmptyParts(PhaseTimings times) =>
        Parts.Select(part => (part.Name, part.Stages.Sum(stage => times[stage]), part.Color)).Where(part => part.Item2 > 0);

    private static string FormatSummary(PhaseTimings times) => string.Join(", ", GetNonEmptyParts(times).Select(part => $"{part.Name} {FormatPercent(part.Seconds / times.TotalSeconds)}"));

    private static string FormatPercent(double value) => FormattableString.Invariant($"{100 * value:F1} %");

    private static string FormatDuration(double seconds) => seconds < 60
        ? FormattableString.Invariant($"{seconds:F1} s")
        : TimeSpan.FromSeconds(seconds).ToString(@"h\:mm\:ss", System.Globalization.CultureInfo.InvariantCulture);
}
