using Microsoft.AspNetCore.Http.Metadata;

namespace FocalSharp.Serving.Integration;

/// <summary>Raises or lowers the server's limit on request bodies to that of the uploads, which counts and explains.</summary>
/// <param name="maxBytes">The maximum of the uploads.</param>
internal sealed class BodyLimit(long maxBytes) : IRequestSizeLimitMetadata
{
    // Beyond the own limit, so that the own message is the one that the client reads.
    private const long Margin = 1 << 20;

    /// <inheritdoc/>
    public long? MaxRequestBodySize { get; } = maxBytes + Margin;
}
