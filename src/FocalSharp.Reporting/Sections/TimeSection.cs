using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting.Sections;

/// <summary>The training time by phase.</summary>
internal static class TimeSection
{
    /// <summary>The fraction of waiting for the loader from which it is reported as a bottleneck.</summary>
    public const double SlowLoaderFraction = 0.1;

    private static readonly (string Name, string Meaning, int Color, StepPhase[] Phases)[] Parts =
    [
        ("loader", "waiting for images: read, decode, augment", 2, [StepPhase.LoaderWait]),
        ("network", "forward and backward", 1, [StepPhase.Forward, StepPhase.Backward]),
        ("losses", "assignment and the three losses", 3, [StepPhase.Assignment, StepPhase.Losses]),
        ("optimizer", "gradient clipping, optimizer step, moving average of the weights", 4, [StepPhase.Clip, StepPhase.Optimizer, StepPhase.StatisticsGuard, StepPhase.MovingAverage]),
        ("ranks", "waiting for the gradients of other ranks", 2, [StepPhase.GradientWait]),
        ("other", "conversion to tensors, logging", 6, [StepPhase.HostToTensor, StepPhase.Logging]),
        ("evaluation", "AP on the evaluation split", 5, [StepPhase.Evaluation]),
        ("files", "writing weights and checkpoints", 6, [StepPhase.Checkpoints]),
    ];

    public static string GetAdvice(DetectionReport report) => report.Phases is { } phases && phases.LoaderFraction >= SlowLoaderFraction
        ? $"Speed up data loading, for which the network waits {FormatPercent(phases.LoaderFraction)} of each step: use more workers, a larger cacheMegabytes, or smaller image files."
        : "Data loading is not a bottleneck; if training is too slow, use a smaller input size or a lighter recipe.";

    public static void Write(HtmlBuilder html, DetectionReport report)
    {
        PhaseTimings times = report.Phases!;
        double total = times.TotalSeconds;
        html.Add($"<p>Total {FormatDuration(total)}. Of the time of the steps, waiting for the loader took {FormatPercent(times.LoaderFraction)} and the network {FormatPercent(times.NetworkFraction)}.</p>");
        html.Add($"<div class=\"card\"><div class=\"stack\" role=\"img\" aria-label=\"Fractions of the time: {FormatSummary(times)}\">");
        foreach ((string name, double seconds, int color) in GetNonEmptyParts(times))
        {
            html.Add($"<i class=\"c{color}\" style=\"width:{100 * seconds / total:F2}%\" title=\"{name} {FormatPercent(seconds / total)}\"></i>");
        }

        html.Add($"</div><div class=\"scroll\" tabindex=\"0\"><table><caption>Time by part</caption><thead><tr><th scope=\"col\">part</th><th scope=\"col\">time</th><th scope=\"col\">fraction</th><th scope=\"col\" class=\"text\">description</th></tr></thead><tbody>");
        foreach ((string name, string meaning, int color, StepPhase[] phases) in Parts)
        {
            double seconds = phases.Sum(phase => times[phase]);
            if (seconds == 0 && phases is [StepPhase.GradientWait])
            {
                continue; // a single process
            }

            html.Add($"<tr><th scope=\"row\"><span class=\"key c{color}\" aria-hidden=\"true\"></span>{name}</th><td>{FormatDuration(seconds)}</td><td>{FormatPercent(seconds / total)}</td><td class=\"text muted\">{meaning}</td></tr>");
        }

        html.Add($"</tbody></table></div></div>");
    }

    private static IEnumerable<(string Name, double Seconds, int Color)> GetNonEmptyParts(PhaseTimings times) =>
        Parts.Select(part => (part.Name, part.Phases.Sum(phase => times[phase]), part.Color)).Where(part => part.Item2 > 0);

    private static string FormatSummary(PhaseTimings times) => string.Join(", ", GetNonEmptyParts(times).Select(part => $"{part.Name} {FormatPercent(part.Seconds / times.TotalSeconds)}"));

    private static string FormatPercent(double value) => FormattableString.Invariant($"{100 * value:F1} %");

    private static string FormatDuration(double seconds) => seconds < 60
        ? FormattableString.Invariant($"{seconds:F1} s")
        : TimeSpan.FromSeconds(seconds).ToString(@"h\:mm\:ss", System.Globalization.CultureInfo.InvariantCulture);
}
