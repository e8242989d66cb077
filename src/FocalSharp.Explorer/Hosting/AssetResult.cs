using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FocalSharp.Explorer.Hosting;

/// <summary>Sends an asset in the smallest form that the client accepts; 304 if it has it.</summary>
internal sealed class AssetResult(Asset asset) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        IHeaderDictionary headers = httpContext.Response.Headers;
        (string? encoding, byte[] content) = Choose(httpContext.Request.GetTypedHeaders().AcceptEncoding);
        headers.CacheControl = "no-cache";
        headers.Vary = HeaderNames.AcceptEncoding;
        if (encoding is not null)
        {
            headers.ContentEncoding = encoding;
        }

        // A tag of its own for each form, as RFC 9110 (section 8.8.3.3) asks for.
        EntityTagHeaderValue tag = new($"\"{asset.Hash}{(encoding is null ? "" : "-" + encoding)}\"");
        return Results.Bytes(content, asset.ContentType, entityTag: tag).ExecuteAsync(httpContext);
    }

    private (string? Encoding, byte[] Content) Choose(IList<StringWithQualityHeaderValue> accepted)
    {
        bool Accepts(string encoding) => accepted.Any(item => item.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && item.Quality is not 0);
        return Accepts("br") ? ("br", asset.Brotli) : Accepts("gzip") ? ("gzip", asset.Gzip) : (null, asset.Content);
    }
}
