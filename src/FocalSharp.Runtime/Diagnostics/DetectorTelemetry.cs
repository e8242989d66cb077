using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FocalSharp.Runtime.Diagnostics;

/// <summary>
/// Names of the metrics and activities that <see cref="Detector"/> reports through <c>System.Diagnostics</c>, for OpenTelemetry, Prometheus
/// exporters and <c>dotnet-counters</c>.
/// </summary>
internal static class DetectorTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "FocalSharp.Runtime";

    /// <summary>Histogram, seconds: duration of a stage (tag <c>stage</c>: <c>prepare</c>, <c>run</c>, <c>read</c>) of a batch.</summary>
    public const string StageDuration = "focalsharp.detector.stage.duration";

    /// <summary>Counter: images processed.</summary>
    public const string Images = "focalsharp.detector.images";

    /// <summary>Counter: objects detected.</summary>
    public const string Detections = "focalsharp.detector.detections";

    /// <summary>Counter: calls that failed (tag <c>error.type</c>).</summary>
    public const string Failures = "focalsharp.detector.failures";

    /// <summary>Up-down counter: running calls.</summary>
    public const string Active = "focalsharp.detector.active";

    internal const string ModelTag = "focalsharp.model";

    private static readonly Meter Meter = new(Name);
    private static readonly ActivitySource Source = new(Name);
    private static readonly Histogram<double> Stages = Meter.CreateHistogram<double>(StageDuration, "s", "Duration of a stage of a batch.");
    private static readonly Counter<long> ImageCount = Meter.CreateCounter<long>(Images, "{image}", "Images processed.");
    private static readonly Counter<long> DetectionCount = Meter.CreateCounter<long>(Detections, "{detection}", "Objects detected.");
    private static readonly Counter<long> FailureCount = Meter.CreateCounter<long>(Failures, "{call}", "Calls that failed.");
    private static readonly UpDownCounter<long> ActiveCount = Meter.CreateUpDownCounter<long>(Active, "{call}", "Running calls.");

    internal static Activity? Begin(string model, int images)
    {
        ActiveCount.Add(1, new KeyValuePair<string, object?>(ModelTag, model));
        Activity? activity = Source.HasListeners() ? Source.StartActivity("detect") : null;
        activity?.SetTag(ModelTag, model).SetTag("focalsharp.images", images);
        return activity;
    }

    internal static void End(Activity? activity, string model, int images, int found, Exception? error)
    {
        KeyValuePair<string, object?> tag = new(ModelTag, model);
        ActiveCount.Add(-1, tag);
        if (error is null)
        {
            ImageCount.Add(images, tag);
            DetectionCount.Add(found, tag);
            activity?.SetTag("focalsharp.detections", found);
        }
        else
        {
            FailureCount.Add(1, tag, new KeyValuePair<string, object?>("error.type", error.GetType().Name));
            activity?.SetStatus(ActivityStatusCode.Error, error.Message);
        }

        activity?.Dispose();
    }

    internal static long Stage(string stage, string model, long since)
    {
        long now = Stopwatch.GetTimestamp();
        if (Stages.Enabled)
        {
            Stages.Record(
                Stopwatch.GetElapsedTime(since, now).TotalSeconds, new KeyValuePair<string, object?>(ModelTag, model), new KeyValuePair<string, object?>("stage", stage));
        }

        return now;
    }
}
