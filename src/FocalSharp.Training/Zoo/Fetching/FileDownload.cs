using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace FocalSharp.Training.Zoo.Fetching;

/// <summary>
/// Fetches one file over HTTP into a <see cref="PartialFile"/>: goes on where an earlier attempt, or an earlier process, broke off,
/// as long as the server still has the same content (<c>Range</c> with <c>If-Range</c>, RFC 9110 sections 13.1.5 and 14); waits and
/// tries again where the fault may pass; never takes more bytes than asked for.
/// </summary>
internal sealed class FileDownload(HttpClient http, DownloadOptions options, IPullMonitor monitor)
{
    /// <summary>Less than this between two breaks is no progress.</summary>
    private const long Progress = 64 * 1024;

    private readonly RangeRequest _requests = new(http, options, monitor);

    /// <summary>Fetches the file.</summary>
    /// <returns>True where some of it was fetched earlier than now, by another attempt or process.</returns>
    /// <exception cref="UserErrorException">It cannot be had; what is here already stays for the next try.</exception>
    public async Task<bool> RunAsync(WebFile file, PartialFile partial, CancellationToken cancellation)
    {
        bool resumed = false;
        int failures = 0;
        long first = partial.Length;
        while (true)
        {
            long before = partial.Length;
            try
            {
                resumed |= await ReceiveAsync(file, partial, cancellation);
                return resumed;
            }
            catch (BrokenTransferException fault)
            {
                failures = partial.Length >= before + Progress ? 1 : failures + 1;

                // A line that drops for a moment comes back; one that was never there does not.
                if (failures >= options.Attempts || (fault.NoNetwork && partial.Length == first))
                {
                    string times = failures > 1 ? $", {failures} times in a row" : "";
                    throw new UserErrorException(
                        $"{file.Url}: {fault.Message}{times}. {Kept(partial)}Try the same command again later. {WayOut(file)}", fault);
                }

                TimeSpan pause = Pause(failures, fault.RetryAfter);
                monitor.Warn($"{file.FileName}: {fault.Message}; trying again in {pause.TotalSeconds:0.#} s");
                await Task.Delay(pause, cancellation);
            }
        }
    }

    /// <summary>How else the file can come here.</summary>
    public static string WayOut(WebFile file) =>
        $"Or fetch {file.Url} by any other means, and pass --from with the folder that holds {file.FileName}.";

    private async Task<bool> ReceiveAsync(WebFile file, PartialFile partial, CancellationToken cancellation)
    {
        PartialState? state = partial.State();
        long offset = state is null ? 0 : partial.Length;
        if (state?.Total is { } whole && offset == whole)
        {
            return true;
        }

        using HttpResponseMessage response = await _requests.SendAsync(file, offset, state?.Validator, cancellation);
        if (response.StatusCode == HttpStatusCode.PartialContent && offset > 0)
        {
            RequireSame(response.Content.Headers.ContentRange, offset, state!, partial);
            monitor.Tell($"{file.FileName}: going on after {Megabytes(offset)} that are here already");
        }
        else if (response.StatusCode == HttpStatusCode.OK)
        {
            offset = 0;
            partial.Begin(Validator(response), response.Content.Headers.ContentLength);
        }
        else
        {
            throw Refused(file, response, partial, offset);
        }

        long? total = response.Content.Headers.ContentLength + offset;
        if (total > file.MaxBytes)
        {
            partial.Discard();
            throw new UserErrorException(
                $"{file.Url}: the server offers {total} bytes, and this file has about {file.AboutBytes}; it was not taken. {WayOut(file)}");
        }

        await CopyAsync(file, response, partial, offset, total, cancellation);
        return offset > 0;
    }

    private async Task CopyAsync(
        WebFile file, HttpResponseMessage response, PartialFile partial, long offset, long? total, CancellationToken cancellation)
    {
        byte[] buffer = new byte[1 << 16];
        long done = offset;
        using CancellationTokenSource stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using Stream content = await _requests.GuardAsync(() => response.Content.ReadAsStreamAsync(stall.Token), cancellation);
        try
        {
            await using FileStream target = partial.Append();
            while (done <= file.MaxBytes)
            {
                stall.CancelAfter(options.Stall);
                int count = await _requests.GuardAsync(() => content.ReadAsync(buffer, stall.Token).AsTask(), cancellation);
                if (count == 0)
                {
                    target.Flush(flushToDisk: true);
                    return;
                }

                await target.WriteAsync(buffer.AsMemory(0, count), cancellation);
                done += count;
                monitor.Progress(file.FileName, done, total);
            }
        }
        catch (IOException fault)
        {
            throw new UserErrorException(
                $"{partial.Path}: cannot be written ({fault.Message}). Free space, or name another folder in {CacheFolder.Variable}; then the same command goes on.", fault);
        }

        partial.Discard();
        throw new UserErrorException(
            $"{file.Url}: the server sent more than {file.MaxBytes} bytes for a file of about {file.AboutBytes}; it was not taken. {WayOut(file)}");
    }

    private static void RequireSame(ContentRangeHeaderValue? range, long offset, PartialState state, PartialFile partial)
    {
        if (range?.From != offset || (range.Length is { } total && state.Total is { } expected && total != expected))
        {
            partial.Discard();
            throw new BrokenTransferException("the server sent another part than the one asked for");
        }
    }

    private static Exception Refused(WebFile file, HttpResponseMessage response, PartialFile partial, long offset)
    {
        int status = (int)response.StatusCode;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && offset > 0)
        {
            partial.Discard();
            return new BrokenTransferException("the server has no such part any more");
        }

        string said = $"the server answered {status} {response.ReasonPhrase}".TrimEnd();
        return status is 408 or 425 or 429 or (>= 500 and <= 599 and not 501 and not 505)
            ? new BrokenTransferException(said, RetryAfter(response.Headers.RetryAfter))
            : new UserErrorException($"{file.Url}: {said}{(status is 404 or 410 ? "; the file was moved or taken away" : "")}. {WayOut(file)}");
    }

    private static TimeSpan? RetryAfter(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? date - DateTimeOffset.UtcNow : null);

    private TimeSpan Pause(int failures, TimeSpan? asked)
    {
        TimeSpan pause = asked ?? options.FirstPause * Math.Pow(2, failures - 1);
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause > options.LongestPause ? options.LongestPause : pause;
    }

    // A weak tag promises no equal bytes.
    private static string? Validator(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag ? tag.Tag
        : response.Content.Headers.LastModified is { } date ? date.ToString("R", CultureInfo.InvariantCulture)
        : null;

    private static string Kept(PartialFile partial) =>
        partial.Length > 0 ? $"{Megabytes(partial.Length)} are here and will be gone on from. " : "";

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
}
