namespace FocalSharp.Load;

/// <summary>Statistics of the responses.</summary>
internal sealed class LoadStatistics
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<double> _milliseconds = [];
    private readonly List<string> _failures = [];

    public int FailureCount => _failures.Count;

    /// <summary>Adds the response to a good request.</summary>
    public void AddGood(int status, double milliseconds, bool retryAfter)
    {
        lock (_gate)
        {
            Count($"good → {status}");
            if (status == 200)
            {
                _milliseconds.Add(milliseconds);
            }
            else if (status != 503 || !retryAfter)
            {
                _failures.Add($"a good request got status {status}{(status == 503 ? " without Retry-After" : "")}");
            }
        }
    }

    /// <summary>Adds the response to a bad request. 503 (too many requests) is always allowed.</summary>
    public void AddBad(string kind, int status, int expected)
    {
        lock (_gate)
        {
            Count($"bad ({kind}) → {status}");
            if (status != expected && status != 503)
            {
                _failures.Add($"bad ({kind}) got status {status} instead of {expected}");
            }
        }
    }

    /// <summary>Adds a request without a response.</summary>
    public void AddFailure(string reason)
    {
        lock (_gate)
        {
            Count("no response");
            _failures.Add(reason);
        }
    }

    public void Print(double seconds)
    {
        foreach ((string what, int count) in _counts)
        {
            Console.WriteLine($"{count,8}  {what}");
        }

        double[] sorted = [.. _milliseconds.Order()];
        if (sorted.Length > 0)
        {
            Console.WriteLine(
                $"status 200: {sorted.Length / seconds:0.0} requests/s, p50 {Percentile(sorted, 0.5):0.0} ms, p90 {Percentile(sorted, 0.9):0.0} ms, p99 {Percentile(sorted, 0.99):0.0} ms, max {sorted[^1]:0.0} ms");
        }

        foreach (string error in _failures.Distinct().Take(20))
        {
            Console.WriteLine($"ERROR: {error}");
        }
    }

    private static double Percentile(double[] sorted, double fraction) => sorted[Math.Min(sorted.Length - 1, (int)(fraction * sorted.Length))];

    private void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;
}
