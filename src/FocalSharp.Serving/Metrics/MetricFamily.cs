using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace FocalSharp.Serving.Metrics;

/// <summary>The measurements of one instrument, by labels.</summary>
internal sealed class MetricFamily
{
    private static readonly double[] DefaultBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);
    private readonly double[] _bounds;
    private readonly bool _observed;

    public MetricFamily(Instrument instrument)
    {
        Type type = instrument.GetType();
        string kind = type.IsGenericType ? type.GetGenericTypeDefinition().Name : type.Name;
        _observed = instrument.IsObservable;
        Kind = kind.StartsWith("Histogram", StringComparison.Ordinal) ? "histogram"
            : kind.Contains("Counter", StringComparison.Ordinal) && !kind.Contains("UpDown", StringComparison.Ordinal) ? "counter"
            : "gauge";
        Name = PrometheusName(instrument, Kind);
        Help = instrument.Description ?? "";
        _bounds = Kind != "histogram" ? [] : instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
            Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
            _ => DefaultBounds,
        };
    }

    public string Name { get; }

    public string Kind { get; }

    public string Help { get; }

    public IEnumerable<MetricSeries> Series => _series.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value);

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = Labels(tags);
        MetricSeries series = _series.GetOrAdd(labels, static (labels, bounds) => new MetricSeries(labels, bounds), _bounds);
        if (Kind == "histogram")
        {
            series.Record(value);
        }
        else if (_observed)
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }

    // Prometheus' conventions: base units spelled out, counters end in _total.
    private static string PrometheusName(Instrument instrument, string kind)
    {
        string name = new([.. instrument.Name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')]);
        string unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return name + unit + (kind == "counter" ? "_total" : "");
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        StringBuilder text = new();
        foreach ((string key, object? value) in tags)
        {
            string shown = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            text.Append(text.Length > 0 ? "," : "").Append(key.Replace('.', '_')).Append("=\"")
                .Append(shown.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
                .Append('"');
        }

        return text.ToString();
    }
}
