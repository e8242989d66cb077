using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using FocalSharp.IO;

namespace FocalSharp.Models.Catalog.Fetching;

/// <summary>
/// Downloads one file over HTTP into a <see cref="PartialFile"/>. Resumes where an earlier attempt or process was interrupted, if the server
/// still has the same content (<c>Range</c> with <c>If-Range</c>, RFC 9110 sections 13.1.5 and 14), retries after transient errors, and
/// never accepts more bytes than expected.
/// </summary>
internal sealed class FileDownload(HttpClient http, DownloadOptions options, IPullMonitor monitor)
{
    /// <summary>Fewer bytes than this between two interruptions are not progress.</summary>
    private const long MinProgressBytes = 64 * 1024;

    private readonly RangeRequest _requests = new(http, options, monitor);

    /// <summary>Downloads the file.</summary>
    /// <returns>True if a part was downloaded before, by another attempt or process.</returns>
    /// <exception cref="ModelException">The download failed; the part that was downloaded is retained for the next attempt.</exception>
    public async Task<bool> RunAsync(HttpModelSource file, PartialFile partial, CancellationToken cancellationToken)
    {
        bool resumed = false;
        int failures = 0;
        long first = partial.Length;
        while (true)
        {
            long before = partial.Length;
            try
            {
                resumed |= await ReceiveAsync(file, partial, cancellationToken);
                return resumed;
            }
            catch (TransientDownloadException error)
            {
                failures = partial.Length >= before + MinProgressBytes ? 1 : failures + 1;

                // A connection that drops may return; a server that was never reached will not.
                if (failures >= options.MaxAttempts || (error.IsServerUnreachable && partial.Length == first))
                {
                    string times = failures > 1 ? $", {failures} times in a row" : "";
                    throw new ModelException(
                        $"{file.Url}: {error.Message}{times}. {DescribePartialFile(partial)}Try again later. {GetManualDownloadHint(file)}", error);
                }

                TimeSpan pause = GetDelay(failures, error.RetryAfter);
                monitor.Warn($"{file.FileName}: {error.Message}; retrying in {pause.TotalSeconds:0.#} s");
                await Task.Delay(pause, cancellationToken);
            }
        }
    }

    /// <summary>Describes how to download the file by hand.</summary>
    public static string GetManualDownloadHint(HttpModelSource file) =>
        $"Or download {file.Url} by other means, and pass the folder that contains {file.FileName}.";

    private async Task<bool> ReceiveAsync(HttpModelSource file, PartialFile partial, CancellationToken cancellationToken)
    {
        PartialDownloadInfo? state = partial.ReadInfo();
        long offset = state is null ? 0 : partial.Length;
        if (state?.Total is { } whole && offset == whole)
        {
            return true;
        }

        using HttpResponseMessage response = await _requests.SendAsync(file, offset, state?.Validator, cancellationToken);
        if (response.StatusCode == HttpStatusCode.PartialContent && offset > 0)
        {
            RequireSameContent(response.Content.Headers.ContentRange, offset, state!, partial);
            monitor.Info($"{file.FileName}: resuming after {FormatMegabytes(offset)}");
        }
        else if (response.StatusCode == HttpStatusCode.OK)
        {
            offset = 0;
            partial.Begin(GetValidator(response), response.Content.Headers.ContentLength);
        }
        else
        {
            throw CreateRefusedException(file, response, partial, offset);
        }

        long? total = response.Content.Headers.ContentLength + offset;
        if (total > file.MaxBytes)
        {
            partial.Discard();
            throw new ModelException(
                $"{file.Url}: the server offers {total} bytes, but this file has about {file.ApproximateBytes}; it was not downloaded. {GetManualDownloadHint(file)}");
        }

        await CopyAsync(file, response, partial, offset, total, cancellationToken);
        return offset > 0;
    }

    private async Task CopyAsync(
        HttpModelSource file, HttpResponseMessage response, PartialFile partial, long offset, long? total, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[1 << 16];
        long done = offset;
        using CancellationTokenSource stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using Stream content = await _requests.GuardAsync(() => response.Content.ReadAsStreamAsync(stall.Token), cancellationToken);
        try
        {
            await using FileStream target = partial.OpenAppend();
            while (done <= file.MaxBytes)
            {
                stall.CancelAfter(options.StallTimeout);
                int count = await _requests.GuardAsync(() => content.ReadAsync(buffer, stall.Token).AsTask(), cancellationToken);
                if (count == 0)
                {
                    target.Flush(flushToDisk: true);
                    return;
                }

                await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                done += count;
                monitor.Progress(file.FileName, done, total);
            }
        }
        catch (IOException error)
        {
            throw new FileException(
                $"{partial.Path}: cannot be written ({error.Message}). Free space, or set {CacheFolder.EnvironmentVariable} to another folder; then download again to resume.", error);
        }

        partial.Discard();
        throw new ModelException(
            $"{file.Url}: the server sent more than {file.MaxBytes} bytes for a file of about {file.ApproximateBytes}; the download was discarded. {GetManualDownloadHint(file)}");
    }

    private static void RequireSameContent(ContentRangeHeaderValue? range, long offset, PartialDownloadInfo state, PartialFile partial)
    {
        if (range?.From != offset || (range.Length is { } total && state.Total is { } expected && total != expected))
        {
            partial.Discard();
            throw new TransientDownloadException("the server sent another range than the one requested");
        }
    }

    private static Exception CreateRefusedException(HttpModelSource file, HttpResponseMessage response, PartialFile partial, long offset)
    {
        int status = (int)response.StatusCode;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && offset > 0)
        {
            partial.Discard();
            return new TransientDownloadException("the server no longer has the requested range");
        }

        string said = $"the server answered {status} {response.ReasonPhrase}".TrimEnd();
        return status is 408 or 425 or 429 or (>= 500 and <= 599 and not 501 and not 505)
            ? new TransientDownloadException(said, GetRetryAfter(response.Headers.RetryAfter))
            : new ModelException($"{file.Url}: {said}{(status is 404 or 410 ? "; the file was moved or removed" : "")}. {GetManualDownloadHint(file)}");
    }

    private static TimeSpan? GetRetryAfter(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? date - DateTimeOffset.UtcNow : null);

    private TimeSpan GetDelay(int failures, TimeSpan? asked)
    {
        TimeSpan pause = asked ?? options.InitialDelay * Math.Pow(2, failures - 1);
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause > options.MaxDelay ? options.MaxDelay : pause;
    }

    // A weak tag does not guarantee equal bytes.
    private static string? GetValidator(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag ? tag.Tag
        : response.Content.Headers.LastModified is { } date ? date.ToString("R", CultureInfo.InvariantCulture)
        : null;

    private static string DescribePartialFile(PartialFile partial) =>
        partial.Length > 0 ? $"{FormatMegabytes(partial.Length)} are downloaded and will be resumed. " : "";

    private static string FormatMegabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
}

/// <summary>A transient download error, handled by <see cref="FileDownload"/>.</summary>
internal sealed class TransientDownloadException(string reason, TimeSpan? retryAfter = null, bool noNetwork = false, Exception? inner = null)
    : Exception(reason, inner)
{
    /// <summary>The delay that the server asked for.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Whether the server was not reached at all.</summary>
    public bool IsServerUnreachable { get; } = noNetwork;
}
