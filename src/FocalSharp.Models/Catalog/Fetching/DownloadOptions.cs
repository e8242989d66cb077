namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>Specifies retries and timeouts of a download. The defaults suit a slow home connection.</summary>
internal sealed record DownloadOptions
{
    /// <summary>Gets the maximum number of attempts in a row without progress. Default 5.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Gets the delay before the second attempt; it doubles with each further one. Default 1 s.</summary>
    public TimeSpan InitialDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets the maximum delay, also if the server asks for a longer one. Default 30 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the time without data after which a connection counts as lost. Default 60 s.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets the maximum number of redirects in a row. Default 5.</summary>
    public int MaxRedirects { get; init; } = 5;
}
