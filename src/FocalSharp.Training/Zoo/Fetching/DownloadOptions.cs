namespace FocalSharp.Training.Zoo.Fetching;

/// <summary>How patient a download is. No publisher states such numbers; these suit a slow home line.</summary>
public sealed record DownloadOptions
{
    /// <summary>Times that it may break off in a row, without progress between, before it is given up.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Pause before the second attempt; doubled each further time.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause, whatever the server asks for.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time without a byte after which a connection counts as broken.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Redirections followed in a row.</summary>
    public int Redirections { get; init; } = 5;
}
