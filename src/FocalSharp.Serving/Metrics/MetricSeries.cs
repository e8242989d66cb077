namespace FocalSharp.Serving.Metrics;

/// <summary>The values of one metric with one set of labels.</summary>
internal sealed class MetricSeries(string labels, double[] bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[bounds.Length + 1];
    private double _sum;

    /// <summary>Gets the labels, for example <c>http_route="/v1/detect",http_response_status_code="200"</c>; empty for none.</summary>
    public string Labels => labels;

    public IReadOnlyList<double> Bounds => bounds;

    public void Add(double value)
    {
        lock (_gate)
        {
            _sum += value;
        }
    }

    public void Set(double value)
    {
        lock (_gate)
        {
            _sum = value;
        }
    }

    public void Record(double value)
    {
        int bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
        {
            bucket++;
        }

        lock (_gate)
        {
            _counts[bucket]++;
            _sum += value;
        }
    }

    /// <summary>Returns the sum (or the value) and the number of values in each bucket; the last bucket is unbounded.</summary>
    public (double Sum, long[] Counts) Read()
    {
        lock (_gate)
        {
            return (_sum, [.. _counts]);
        }
    }
}
