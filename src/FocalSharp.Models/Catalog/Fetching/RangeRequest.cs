using System.Net;
using System.Net.Http.Headers;

namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>Requests a file or the rest of one, follows safe redirects, and distinguishes transient from final errors.</summary>
internal sealed class RangeRequest(HttpClient http, DownloadOptions options, IPullMonitor monitor)
{
    /// <summary>Creates the client: no automatic redirects and no decompression, because lengths and hashes are those of the stored bytes.</summary>
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

    /// <summary>Sends the request and follows redirects.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Number of bytes downloaded already.</param>
    /// <param name="validator">Validator of the content (<c>If-Range</c>), if known.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="TransientDownloadException">A transient error.</exception>
    /// <exception cref="ModelException">A redirect that is not followed.</exception>
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

        throw new ModelException($"{file.Url}: redirected more than {options.MaxRedirects} times in a row. {FileDownload.GetManualDownloadHint(file)}");
    }

    /// <summary>Runs a network operation; network errors become transient download errors.</summary>
    /// <exception cref="TransientDownloadException">The network failed.</exception>
    public async Task<T> GuardAsync<T>(Func<Task<T>> act, CancellationToken cancellationToken)
    {
        try
        {
            return await act();
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientDownloadException($"no data for {options.StallTimeout.TotalSeconds:0.#} s", inner: error);
        }
        catch (IOException error)
        {
            throw new TransientDownloadException("the connection was lost", inner: error);
        }
        catch (HttpRequestException error)
        {
            (string reason, bool isServerUnreachable) = error.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => ("the server's name cannot be resolved (no network?)", true),
                HttpRequestError.ConnectionError => ("there is no connection to the server (no network?)", true),
                HttpRequestError.SecureConnectionError => ("no secure connection to the server could be made", false),
                _ => ($"the request failed ({error.Message})", false),
            };
            throw new TransientDownloadException(reason, noNetwork: isServerUnreachable, inner: error);
        }
    }

    // The first digits of a hash do not protect against an attacker: a redirect must be as safe as the original address.
    private Uri GetRedirectTarget(HttpModelSource file, Uri from, Uri? next)
    {
        if (next is null || (next.Scheme != Uri.UriSchemeHttps && next.Scheme != from.Scheme) || next.UserInfo.Length > 0)
        {
            string target = next?.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) ?? "nowhere";
            throw new ModelException($"{file.Url}: redirected to '{target}', which is not followed. {FileDownload.GetManualDownloadHint(file)}");
        }

        if (!string.Equals(next.Host, from.Host, StringComparison.OrdinalIgnoreCase))
        {
            monitor.Info($"{file.FileName}: {from.Host} redirects to {next.Host}");
        }

        return next;
    }
}
