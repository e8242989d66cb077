namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>How patient a download is. No publisher states such numbers; these suit a slow home line.</summary>
public sealed record DownloadOptions
{
    /// <summary>Times that it may break off in a row, without progress between, before it is given up.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Pause before the second attempt; doubled each further time.</summary>
    public TimeSpan InitialDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause, whatever the server asks for.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time without a byte after which a connection counts as broken.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Redirections followed in a row.</summary>
    public int MaxRedirects { get; init; } = 5;
}
