namespace FocalSharp.Load;

/// <summary>What came back.</summary>
internal sealed class LoadStatistics
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<double> _milliseconds = [];
    private readonly List<string> _failures = [];

    public int FailureCount => _failures.Count;

    /// <summary>A good request's answer.</summary>
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
                _failures.Add($"a good request was answered by {status}{(status == 503 ? " without Retry-After" : "")}");
            }
        }
    }

    /// <summary>A bad request's answer. Too much at once is a right answer to it too.</summary>
    public void AddBad(string kind, int status, int deserved)
    {
        lock (_gate)
        {
            Count($"bad ({kind}) → {status}");
            if (status != deserved && status != 503)
            {
                _failures.Add($"bad ({kind}) was answered by {status}, not {deserved}");
            }
        }
    }

    /// <summary>A request without an answer.</summary>
    public void AddFailure(string why)
    {
        lock (_gate)
        {
            Count("no answer");
            _failures.Add(why);
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
                $"answered 200: {sorted.Length / seconds:0.0} requests/s, p50 {Percentile(sorted, 0.5):0.0} ms, p90 {Percentile(sorted, 0.9):0.0} ms, p99 {Percentile(sorted, 0.99):0.0} ms, max {sorted[^1]:0.0} ms");
        }

        foreach (string error in _failures.Distinct().Take(20))
        {
            Console.WriteLine($"FAULT: {error}");
        }
    }

    private static double Percentile(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];

    private void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;
}
