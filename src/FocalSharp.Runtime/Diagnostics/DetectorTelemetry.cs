using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace FocalSharp.Runtime.Diagnostics;

/// <summary>
/// Names of the metrics and activities that <see cref="Detector"/> reports through <c>System.Diagnostics</c>, for OpenTelemetry, Prometheus
/// exporters and <c>dotnet-counters</c>. Every measurement has the tag <c>focalsharp.model</c>; <c>error.type</c> is an exception's full type name, as
/// OpenTelemetry's semantic conventions ask for.
/// </summary>
internal static class DetectorTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "FocalSharp.Runtime";

    /// <summary>Histogram, seconds: duration of a call (tag <c>error.type</c> if it failed). Canceled calls are not recorded.</summary>
    public const string CallDuration = "focalsharp.detector.call.duration";

    /// <summary>Histogram, seconds: duration of a stage (tag <c>stage</c>: <c>prepare</c>, <c>run</c>, <c>read</c>) of a batch.</summary>
    public const string StageDuration = "focalsharp.detector.stage.duration";

    /// <summary>Histogram: images per run of the network.</summary>
    public const string BatchImages = "focalsharp.detector.batch.images";

    /// <summary>Counter: images processed.</summary>
    public const string Images = "focalsharp.detector.images";

    /// <summary>Counter: objects detected.</summary>
    public const string Detections = "focalsharp.detector.detections";

    /// <summary>Counter: calls that failed (tag <c>error.type</c>). A canceled call has not failed.</summary>
    public const string Failures = "focalsharp.detector.failures";

    /// <summary>Counter: calls that their caller canceled.</summary>
    public const string Cancellations = "focalsharp.detector.cancellations";

    /// <summary>Up-down counter: running calls.</summary>
    public const string Active = "focalsharp.detector.active";

    /// <summary>Counter: reloads of a model (tag <c>error.type</c> if the new file was refused).</summary>
    public const string Reloads = "focalsharp.detector.reloads";

    internal const string ModelTag = "focalsharp.model";

    private const string ErrorTag = "error.type";

    private static readonly string Version =
        typeof(DetectorTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    // From a fast processor's small model to a large image in tiles.
    private static readonly InstrumentAdvice<double> Latencies = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private static readonly InstrumentAdvice<int> Sizes = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64] };

    private static readonly Meter Meter = new(Name, Version);
    private static readonly ActivitySource Source = new(Name, Version);
    private static readonly Histogram<double> Calls = Meter.CreateHistogram(CallDuration, "s", "Duration of a call.", tags: null, Latencies);
    private static readonly Histogram<double> Stages = Meter.CreateHistogram(StageDuration, "s", "Duration of a stage of a batch.", tags: null, Latencies);
    private static readonly Histogram<int> BatchSizes = Meter.CreateHistogram(BatchImages, "{image}", "Images per run of the network.", tags: null, Sizes);
    private static readonly Counter<long> ImageCount = Meter.CreateCounter<long>(Images, "{image}", "Images processed.");
    private static readonly Counter<long> DetectionCount = Meter.CreateCounter<long>(Detections, "{detection}", "Objects detected.");
    private static readonly Counter<long> FailureCount = Meter.CreateCounter<long>(Failures, "{call}", "Calls that failed.");
    private static readonly Counter<long> CancellationCount = Meter.CreateCounter<long>(Cancellations, "{call}", "Calls that their caller canceled.");
    private static readonly UpDownCounter<long> ActiveCount = Meter.CreateUpDownCounter<long>(Active, "{call}", "Running calls.");
    private static readonly Counter<long> ReloadCount = Meter.CreateCounter<long>(Reloads, "{reload}", "Reloads of a model.");

    /// <summary>Starts a call.</summary>
    internal static Call Begin(string model, int images)
    {
        ActiveCount.Add(1, new KeyValuePair<string, object?>(ModelTag, model));
        Activity? activity = Source.HasListeners() ? Source.StartActivity("detect") : null;
        activity?.SetTag(ModelTag, model).SetTag("focalsharp.images", images);
        return new Call(activity, model, images, Stopwatch.GetTimestamp());
    }

    /// <summary>Records a stage that began at a timestamp, and returns the current one.</summary>
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

    /// <summary>Records a run of the network.</summary>
    internal static void Batch(string model, int images) => BatchSizes.Record(images, new KeyValuePair<string, object?>(ModelTag, model));

    /// <summary>Records a reload.</summary>
    /// <param name="model">The name of the model in use afterwards.</param>
    /// <param name="error">Why the new file was refused; null if it is in use.</param>
    internal static void Reload(string model, Exception? error)
    {
        KeyValuePair<string, object?> tag = new(ModelTag, model);
        if (error is null)
        {
            ReloadCount.Add(1, tag);
        }
        else
        {
            ReloadCount.Add(1, tag, GetErrorTag(error));
        }
    }

    private static KeyValuePair<string, object?> GetErrorTag(Exception error) => new(ErrorTag, error.GetType().FullName);

    /// <summary>A running call.</summary>
    internal readonly struct Call(Activity? activity, string model, int images, long began)
    {
        /// <summary>Ends the call.</summary>
        /// <param name="found">The number of objects detected.</param>
        /// <param name="error">Why it failed or that it was canceled; null if it succeeded.</param>
        public void End(int found, Exception? error)
        {
            KeyValuePair<string, object?> tag = new(ModelTag, model);
            ActiveCount.Add(-1, tag);
            switch (error)
            {
                case null:
                    ImageCount.Add(images, tag);
                    DetectionCount.Add(found, tag);
                    Calls.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tag);
                    activity?.SetTag("focalsharp.detections", found);
                    break;
                case OperationCanceledException:
                    CancellationCount.Add(1, tag);
                    activity?.SetTag("focalsharp.canceled", true);
                    break;
                default:
                    KeyValuePair<string, object?> type = GetErrorTag(error);
                    FailureCount.Add(1, tag, type);
                    Calls.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tag, type);
                    activity?.SetTag(ErrorTag, type.Value).SetStatus(ActivityStatusCode.Error, error.Message);
                    break;
            }

            activity?.Dispose();
        }
    }
}
