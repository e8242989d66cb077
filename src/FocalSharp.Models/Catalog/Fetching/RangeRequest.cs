using System.Net;
using System.Net.Http.Headers;

namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>Asks for a file or the rest of one, follows redirections knowingly, and tells passing faults from final ones.</summary>
internal sealed class RangeRequest(HttpClient http, DownloadOptions options, IPullMonitor monitor)
{
    /// <summary>A client for it: no redirection unseen, no content decoded, since lengths and hashes are of the bytes as stored.</summary>
    public static HttpClient CreateClient()
    {
        HttpClient client = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(20),
            UseCookies = false,
        })
        { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("focalsharp", "1"));
        client.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        return client;
    }

    /// <summary>Sends the request; the answer is no redirection.</summary>
    /// <param name="file">What is asked for.</param>
    /// <param name="offset">Bytes that are here already.</param>
    /// <param name="validator">What the content must still be (<c>If-Range</c>), where known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TransientDownloadException">A fault that may pass.</exception>
    /// <exception cref="FocalSharpException">A redirection that is not followed.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpModelSource file, long offset, string? validator, CancellationToken cancellationToken)
    {
        Uri address = file.Url;
        for (int redirection = 0; redirection <= options.MaxRedirects; redirection++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, address);
            if (offset > 0)
            {
                request.Headers.Range = new RangeHeaderValue(offset, null);
                if (validator is not null)
                {
                    request.Headers.TryAddWithoutValidation("If-Range", validator);
                }
            }

            using CancellationTokenSource stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            stall.CancelAfter(options.StallTimeout);
            HttpResponseMessage response = await GuardAsync(
                () => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token), cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
            {
                return response;
            }

            Uri? next = response.Headers.Location is { } location ? new Uri(address, location) : null;
            response.Dispose();
            address = GetRedirectTarget(file, address, next);
        }

        throw new FocalSharpException($"{file.Url}: redirected more than {options.MaxRedirects} times in a row. {FileDownload.GetManualDownloadHint(file)}");
    }

    /// <summary>Does something with the network; what the network does wrong becomes a fault that another attempt may mend.</summary>
    /// <exception cref="TransientDownloadException">The network failed.</exception>
    public async Task<T> GuardAsync<T>(Func<Task<T>> act, CancellationToken cancellationToken)
    {
        try
        {
            return await act();
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientDownloadException($"nothing came for {options.StallTimeout.TotalSeconds:0.#} s", inner: error);
        }
        catch (IOException error)
        {
            throw new TransientDownloadException("the connection broke off", inner: error);
        }
        catch (HttpRequestException error)
        {
            (string reason, bool isServerUnreachable) = error.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => ("the name of the server is not known here (no network?)", true),
                HttpRequestError.ConnectionError => ("there is no connection to the server (no network?)", true),
                HttpRequestError.SecureConnectionError => ("no secure connection to the server came about", false),
                _ => ($"the request failed ({error.Message})", false),
            };
            throw new TransientDownloadException(reason, noNetwork: isServerUnreachable, inner: error);
        }
    }

    // The first digits of a hash alone do not stand against an adversary: the way must stay as safe as it began.
    private Uri GetRedirectTarget(HttpModelSource file, Uri from, Uri? next)
    {
        if (next is null || (next.Scheme != Uri.UriSchemeHttps && next.Scheme != from.Scheme) || next.UserInfo.Length > 0)
        {
            string target = next?.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) ?? "nowhere";
            throw new FocalSharpException($"{file.Url}: redirected to '{target}', which is not followed. {FileDownload.GetManualDownloadHint(file)}");
        }

        if (!string.Equals(next.Host, from.Host, StringComparison.OrdinalIgnoreCase))
        {
            monitor.Info($"{file.FileName}: {from.Host} sends on to {next.Host}");
        }

        return next;
    }
}
