using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace FocalSharp.Serving.Metrics;

/// <summary>
/// Collects the measurements of a service's meter and of other meters for <see cref="PrometheusText"/>.
/// </summary>
internal sealed class MetricsCollector : IDisposable
{
    private readonly ConcurrentDictionary<Instrument, MetricFamily> _families = new();
    private readonly MeterListener _listener = new();

    /// <summary>Starts collecting.</summary>
    /// <param name="own">The meter of the service, by reference, so that several services in one process stay separate.</param>
    /// <param name="others">The names of the other meters.</param>
    public MetricsCollector(Meter own, params string[] others)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, own) || others.Contains(instrument.Meter.Name, StringComparer.Ordinal))
            {
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(instrument, created => new MetricFamily(created)));
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>Returns all metrics by name, with the current values of gauges.</summary>
    public IReadOnlyList<MetricFamily> Read()
    {
        _listener.RecordObservableInstruments();
        return [.. _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal)];
    }

    public void Dispose() => _listener.Dispose();
}
