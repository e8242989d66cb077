using System.Diagnostics.Metrics;
using FocalSharp.Serving.Http;

namespace FocalSharp.Serving.Metrics;

/// <summary>The metrics of the service, in the meter <c>FocalSharp.Serving</c>.</summary>
internal sealed class ServingMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "FocalSharp.Serving";

    private static readonly InstrumentAdvice<double> Latencies = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    private static readonly InstrumentAdvice<int> Sizes = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64] };

    private readonly Counter<long> _requests;
    private readonly Counter<long> _rejections;
    private readonly Counter<long> _detections;
    private readonly Histogram<double> _durations;
    private readonly Histogram<double> _inferenceDurations;
    private readonly Histogram<int> _batchSizes;

    public ServingMetrics()
    {
        Meter = new Meter(Name, StatusEndpoints.Version);
        _requests = Meter.CreateCounter<long>("focalsharp.requests", "{request}", "Requests answered, by route and status.");
        _rejections = Meter.CreateCounter<long>("focalsharp.refusals", "{image}", "Requests and images rejected, by reason.");
        _detections = Meter.CreateCounter<long>("focalsharp.detections", "{detection}", "Objects detected.");
        _durations = Meter.CreateHistogram("focalsharp.request.duration", "s", "Time from the request headers to the end of the response.", tags: null, Latencies);
        _inferenceDurations = Meter.CreateHistogram("focalsharp.run.duration", "s", "Time of an inference batch.", tags: null, Latencies);
        _batchSizes = Meter.CreateHistogram("focalsharp.batch.images", "{image}", "Images per inference batch.", tags: null, Sizes);
    }

    public Meter Meter { get; }

    /// <summary>Adds measurements of the process. A program of one's own has them from the meter <c>System.Runtime</c>.</summary>
    public void ObserveProcess()
    {
        Meter.CreateObservableGauge("process.resident.memory", () => Environment.WorkingSet, "By", "Resident memory of the process.");
        Meter.CreateObservableGauge("dotnet.gc.heap.size", () => GC.GetTotalMemory(forceFullCollection: false), "By", "Managed memory in use.");
        Meter.CreateObservableCounter("process.cpu.time", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time of the process.");
        Meter.CreateObservableCounter("dotnet.gc.collections", Collections, "{collection}", "Garbage collections, by generation.");
    }

    public void RecordRequest(string route, int status, TimeSpan took)
    {
        KeyValuePair<string, object?> routeTag = new("http.route", route);
        _requests.Add(1, routeTag, new KeyValuePair<string, object?>("http.response.status_code", status));
        _durations.Record(took.TotalSeconds, routeTag);
    }

    public void RecordRejection(string reason) => _rejections.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void RecordBatch(int images, TimeSpan took, int found)
    {
        _batchSizes.Record(images);
        _inferenceDurations.Record(took.TotalSeconds);
        _detections.Add(found);
    }

    public void ObserveQueue(Func<int> images) =>
        Meter.CreateObservableGauge("focalsharp.queue.images", images, "{image}", "Images being prepared, waiting or running.");

    public void ObserveRequests(Func<int> requests) =>
        Meter.CreateObservableGauge("focalsharp.requests.active", requests, "{request}", "Requests with images in progress.");

    public void Dispose() => Meter.Dispose();

    private static IEnumerable<Measurement<int>> Collections() => Enumerable.Range(0, GC.MaxGeneration + 1)
        .Select(generation => new Measurement<int>(GC.CollectionCount(generation), new KeyValuePair<string, object?>("generation", generation)));
}
