using System.Diagnostics;
using System.Globalization;
using System.Text;
using FocalSharp.Serving.Hosting;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Http;

/// <summary>Applies the timeouts of a request, and measures its phases for the <c>Server-Timing</c> header.</summary>
internal sealed class RequestClock : IDisposable
{
    private readonly ServingOptions _options;
    private readonly CancellationToken _requestAborted;
    private readonly CancellationTokenSource _timeout;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly StringBuilder _phases = new();
    private long _phaseStarted = Stopwatch.GetTimestamp();
    private bool _reading;

    public RequestClock(ServingOptions options, CancellationToken requestAborted)
    {
        (_options, _requestAborted) = (options, requestAborted);
        _timeout = CancellationTokenSource.CreateLinkedTokenSource(requestAborted);
        _timeout.CancelAfter(options.RequestTimeout);
    }

    /// <summary>Gets a token that is canceled on a timeout or when the client disconnects.</summary>
    public CancellationToken Token => _timeout.Token;

    /// <summary>Gets the value of the <c>Server-Timing</c> header: the phases so far, in milliseconds.</summary>
    public string ServerTiming => _phases.ToString();

    private TimeSpan Remaining => TimeSpan.FromTicks(Math.Max(0, (_options.RequestTimeout - Stopwatch.GetElapsedTime(_started)).Ticks));

    /// <summary>Starts the timeout for reading the body.</summary>
    public void BeginReadingBody()
    {
        if (_options.ReadTimeout < Remaining)
        {
            _reading = true;
            _timeout.CancelAfter(_options.ReadTimeout);
        }
    }

    /// <summary>Ends the timeout for reading the body; the rest of the request timeout applies.</summary>
    public void EndReadingBody()
    {
        RecordPhase("read");
        _reading = false;
        _timeout.CancelAfter(Remaining);
    }

    /// <summary>Ends a phase.</summary>
    public void RecordPhase(string name)
    {
        long now = Stopwatch.GetTimestamp();
        _phases.Append(CultureInfo.InvariantCulture, $"{(_phases.Length > 0 ? ", " : "")}{name};dur={Stopwatch.GetElapsedTime(_phaseStarted, now).TotalMilliseconds:0.0}");
        _phaseStarted = now;
    }

    /// <summary>Gets whether a timeout expired while the client is connected.</summary>
    public bool IsTimedOut => _timeout.IsCancellationRequested && !_requestAborted.IsCancellationRequested;

    /// <summary>Creates the exception for an expired timeout.</summary>
    public ApiException CreateException(TimeSpan expectedWait) => _reading
        ? new ApiException(
            StatusCodes.Status408RequestTimeout, "slow_body", $"The body did not arrive within {_options.ReadTimeout.TotalSeconds:0.##} s. Send a smaller body, or use a faster connection.")
        : ApiException.Busy($"The request was canceled after {_options.RequestTimeout.TotalSeconds:0.##} s. Try again later.", expectedWait);

    public void Dispose() => _timeout.Dispose();
}
