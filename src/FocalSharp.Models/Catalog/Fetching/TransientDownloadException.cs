namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>A transfer failed in a way that another attempt may mend; never leaves <see cref="FileDownload"/>.</summary>
internal sealed class TransientDownloadException(string reason, TimeSpan? retryAfter = null, bool noNetwork = false, Exception? inner = null)
    : Exception(reason, inner)
{
    /// <summary>The pause that the server asked for.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Whether the server was not reached at all.</summary>
    public bool IsServerUnreachable { get; } = noNetwork;
}
