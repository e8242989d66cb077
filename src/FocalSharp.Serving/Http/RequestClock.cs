using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Http;

/// <summary>A request's time: ends it when it takes too long, says whose fault that is, and tells its stages in <c>Server-Timing</c>.</summary>
internal sealed class RequestClock : IDisposable
{
    private readonly ServingOptions _options;
    private readonly CancellationToken _requestAborted;
    private readonly CancellationTokenSource _timeout;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly StringBuilder _phases = new();
    private long _phaseStarted = Stopwatch.GetTimestamp();
    private bool _reading;

    public RequestClock(ServingOptions options, CancellationToken gone)
    {
        (_options, _requestAborted) = (options, gone);
        _timeout = CancellationTokenSource.CreateLinkedTokenSource(gone);
        _timeout.CancelAfter(options.RequestTimeout);
    }

    /// <summary>Cancelled when the time is over or the client has gone.</summary>
    public CancellationToken Token => _timeout.Token;

    /// <summary>The stages so far, as the header <c>Server-Timing</c> has them, in milliseconds.</summary>
    public string ServerTiming => _phases.ToString();

    private TimeSpan Remaining => TimeSpan.FromTicks(Math.Max(0, (_options.RequestTimeout - Stopwatch.GetElapsedTime(_started)).Ticks));

    /// <summary>The body is asked for: its time counts from now on.</summary>
    public void BeginReadingBody()
    {
        if (_options.ReadTimeout < Remaining)
        {
            _reading = true;
            _timeout.CancelAfter(_options.ReadTimeout);
        }
    }

    /// <summary>The body is here: what is left of the request's time counts from now on.</summary>
    public void EndReadingBody()
    {
        RecordPhase("read");
        _reading = false;
        _timeout.CancelAfter(Remaining);
    }

    /// <summary>Ends a stage.</summary>
    public void RecordPhase(string name)
    {
        long now = Stopwatch.GetTimestamp();
        _phases.Append(CultureInfo.InvariantCulture, $"{(_phases.Length > 0 ? ", " : "")}{name};dur={Stopwatch.GetElapsedTime(_phaseStarted, now).TotalMilliseconds:0.0}");
        _phaseStarted = now;
    }

    /// <summary>True where the time is over and the client is still there.</summary>
    public bool IsTimedOut => _timeout.IsCancellationRequested && !_requestAborted.IsCancellationRequested;

    /// <summary>What to answer when the time is over.</summary>
    public ApiException CreateException(TimeSpan expectedWait) => _reading
        ? new ApiException(
            StatusCodes.Status408RequestTimeout, "slow_body", $"The body did not arrive within {_options.ReadTimeout.TotalSeconds:0.##} s. Send it faster, or a smaller one.")
        : ApiException.Busy($"The request was not done within {_options.RequestTimeout.TotalSeconds:0.##} s and was given up. Try again later.", expectedWait);

    public void Dispose() => _timeout.Dispose();
}
