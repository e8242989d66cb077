using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using FocalSharp.Runtime.Diagnostics;
using FocalSharp.Runtime.Tests.Support;

namespace FocalSharp.Runtime.Tests.Diagnostics;

public sealed class DetectorTelemetryTests
{
    // Instruments are the process's: a name of its own separates this test's numbers from those of others.
    private const string Model = "told";

    [Fact]
    public void Counts_times_and_activities_are_reported()
    {
        ConcurrentBag<(string Instrument, double Value, string? Stage, string? Error)> reported = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter.Name == DetectorTelemetry.Name)
                {
                    own.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.Start();
        ConcurrentBag<Activity> activities = [];
        using ActivityListener spans = new()
        {
            ShouldListenTo = source => source.Name == DetectorTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activities.Add,
        };
        ActivitySource.AddActivityListener(spans);
        using Detector detector = Detector.Load(TestModels.Echo().Metadata("focalsharp.model", Model).ToArray());

        detector.Detect(TestImages.WithDetections(64, 64, 3, 5, 20, 30));
        detector.Detect([TestImages.WithDetections(64, 64, 3, 5, 20, 30), TestImages.WithDetections(64, 64, 3, 5, 20, 30)]);
        Assert.Throws<ImageException>(() => detector.Detect("nowhere.jpg"));
        Assert.ThrowsAny<OperationCanceledException>(() => detector.Detect(TestImages.WithDetections(64, 64, 3, 5, 20, 30), cancellationToken: new CancellationToken(canceled: true)));
        Assert.Throws<ModelException>(() => detector.Reload("nowhere.onnx"));

        Assert.Equal(3, Sum(DetectorTelemetry.Images));
        Assert.Equal(6, Sum(DetectorTelemetry.Detections));
        Assert.Equal(1, Sum(DetectorTelemetry.Failures));
        Assert.Equal(1, Sum(DetectorTelemetry.Cancellations)); // and no failure
        Assert.Equal([1, 2], reported.Where(one => one.Instrument == DetectorTelemetry.BatchImages).Select(one => one.Value).Order());
        Assert.Equal(
            [null, null, typeof(ImageException).FullName],
            reported.Where(one => one.Instrument == DetectorTelemetry.CallDuration).Select(one => one.Error).Order(StringComparer.Ordinal));
        Assert.Equal(typeof(ImageException).FullName, Assert.Single(reported, one => one.Instrument == DetectorTelemetry.Failures).Error);
        Assert.Equal(typeof(ModelException).FullName, Assert.Single(reported, one => one.Instrument == DetectorTelemetry.Reloads).Error);
        Assert.Equal(0, Sum(DetectorTelemetry.Active));
        Assert.Equal(4, Count("prepare"));
        Assert.Equal(2, Count("run"));
        Assert.Equal(2, Count("read"));
        Assert.All(reported.Where(one => one.Instrument == DetectorTelemetry.StageDuration), one => Assert.InRange(one.Value, 0, 60));

        Activity[] own = [.. activities.Where(activity => activity.GetTagItem("focalsharp.model") is Model)];
        Assert.Equal(4, own.Length);
        Assert.Single(own, activity => activity.GetTagItem("focalsharp.canceled") is true);
        Assert.Equal(ActivityStatusCode.Error, Assert.Single(own, activity => activity.Status != ActivityStatusCode.Unset).Status);
        Assert.Contains(own, activity => activity.GetTagItem("focalsharp.images") is 2 && activity.GetTagItem("focalsharp.detections") is 4);

        void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            Dictionary<string, object?> named = new(tags.ToArray());
            if (named["focalsharp.model"] is Model)
            {
                reported.Add((instrument.Name, value, named.GetValueOrDefault("stage") as string, named.GetValueOrDefault("error.type") as string));
            }
        }

        double Sum(string instrument) => reported.Where(one => one.Instrument == instrument).Sum(one => one.Value);

        int Count(string stage) => reported.Count(one => one.Stage == stage);
    }

    [Fact]
    public void Instruments_have_a_version_and_histograms_their_buckets()
    {
        List<Instrument> instruments = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == DetectorTelemetry.Name)
                {
                    instruments.Add(instrument);
                }
            },
        };
        _ = DetectorTelemetry.Stage("prepare", "none", 0); // creates the instruments
        listener.Start();

        Assert.Matches(@"^\d+\.\d+\.\d+", Assert.Single(instruments.Select(instrument => instrument.Meter.Version).Distinct()));
        Assert.Equal(2, instruments.OfType<Histogram<double>>().Count());
        Assert.All(instruments.OfType<Histogram<double>>(), histogram => Assert.InRange(histogram.Advice!.HistogramBucketBoundaries!.Count, 10, 20));
        Assert.Equal([1, 2, 4, 8, 16, 32, 64], Assert.Single(instruments.OfType<Histogram<int>>()).Advice!.HistogramBucketBoundaries!);
    }
}
