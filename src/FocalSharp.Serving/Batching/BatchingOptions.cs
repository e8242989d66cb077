namespace FocalSharp.Serving.Batching;

/// <summary>How images of several requests share runs of the network.</summary>
public sealed record BatchingOptions
{
    /// <summary>The defaults.</summary>
    public static BatchingOptions Default { get; } = new();

    /// <summary>Most images of a run. Default 8.</summary>
    public int MaxBatch { get; init; } = 8;

    /// <summary>
    /// How long a run waits for images of other requests. Default 5 ms, and only while other requests are on their way: a lone client
    /// never waits.
    /// </summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Most images that are being prepared, waiting or running; more are refused. Default 64.</summary>
    public int QueueLimit { get; init; } = 64;

    /// <summary>Throws where a value is out of its range.</summary>
    /// <exception cref="FocalSharpException">One is.</exception>
    public void Validate()
    {
        if (MaxBatch is < 1 or > 1024)
        {
            throw new FocalSharpException($"max batch {MaxBatch}: a run takes 1 to 1024 images.");
        }

        if (MaxWait < TimeSpan.Zero || MaxWait > TimeSpan.FromSeconds(10))
        {
            throw new FocalSharpException($"max wait {MaxWait.TotalMilliseconds} ms: a run waits 0 to 10000 ms for company.");
        }

        if (QueueLimit < 1)
        {
            throw new FocalSharpException($"queue limit {QueueLimit}: at least 1 image must find room.");
        }
    }
}
