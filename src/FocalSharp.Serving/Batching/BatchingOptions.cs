namespace FocalSharp.Serving.Batching;

/// <summary>Options for batching images of several requests into one inference run.</summary>
public sealed record BatchingOptions
{
    /// <summary>Gets the defaults.</summary>
    public static BatchingOptions Default { get; } = new();

    /// <summary>
    /// Gets the maximum number of images, across requests, per inference batch, 1 to 1024. Default: twice the number of processors, at most 8. The memory
    /// of a batch grows with its images; on a processor, more of them than it has cores are not faster.
    /// </summary>
    public int MaxBatch { get; init; } = Math.Min(2 * Environment.ProcessorCount, 8);

    /// <summary>
    /// Gets how long to wait for more images before running a batch, 0 to 10 s. Default 5 ms. A batch waits only while other requests are in
    /// progress: a single client never waits.
    /// </summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Gets the maximum number of images that are being prepared, waiting or running; others are answered with 503. Default 64.</summary>
    public int QueueLimit { get; init; } = 64;

    /// <summary>Throws if a value is out of its range.</summary>
    /// <exception cref="OptionException">A value is out of its range.</exception>
    public void Validate()
    {
        if (MaxBatch is < 1 or > 1024)
        {
            throw new OptionException($"MaxBatch {MaxBatch}: must be between 1 and 1024 images.") { OptionName = nameof(MaxBatch) };
        }

        if (MaxWait < TimeSpan.Zero || MaxWait > TimeSpan.FromSeconds(10))
        {
            throw new OptionException($"MaxWait {MaxWait.TotalMilliseconds} ms: must be between 0 and 10000 ms.") { OptionName = nameof(MaxWait) };
        }

        if (QueueLimit < 1)
        {
            throw new OptionException($"QueueLimit {QueueLimit}: must be at least 1 image.") { OptionName = nameof(QueueLimit) };
        }
    }
}
