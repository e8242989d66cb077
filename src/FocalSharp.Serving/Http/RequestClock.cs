using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Http;

/// <summary>A request's time: ends it when it takes too long, says whose fault that is, and tells its stages in <c>Server-Timing</c>.</summary>
internal sealed class RequestClock : IDisposable
{
    private readonly ServingOptions _options;
    private readonly CancellationToken _gone;
    private readonly CancellationTokenSource _end;
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly StringBuilder _stages = new();
    private long _stageBegan = Stopwatch.GetTimestamp();
    private bool _reading;

    public RequestClock(ServingOptions options, CancellationToken gone)
    {
        (_options, _gone) = (options, gone);
        _end = CancellationTokenSource.CreateLinkedTokenSource(gone);
        _end.CancelAfter(options.RequestTimeout);
    }

    /// <summary>Cancelled when the time is over or the client has gone.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>The stages so far, as the header <c>Server-Timing</c> has them, in milliseconds.</summary>
    public string ServerTiming => _stages.ToString();

    private TimeSpan Left => TimeSpan.FromTicks(Math.Max(0, (_options.RequestTimeout - Stopwatch.GetElapsedTime(_began)).Ticks));

    /// <summary>The body is asked for: its time counts from now on.</summary>
    public void BodyBegins()
    {
        if (_options.ReadTimeout < Left)
        {
            _reading = true;
            _end.CancelAfter(_options.ReadTimeout);
        }
    }

    /// <summary>The body is here: what is left of the request's time counts from now on.</summary>
    public void BodyRead()
    {
        Stage("read");
        _reading = false;
        _end.CancelAfter(Left);
    }

    /// <summary>Ends a stage.</summary>
    public void Stage(string name)
    {
        long now = Stopwatch.GetTimestamp();
        _stages.Append(CultureInfo.InvariantCulture, $"{(_stages.Length > 0 ? ", " : "")}{name};dur={Stopwatch.GetElapsedTime(_stageBegan, now).TotalMilliseconds:0.0}");
        _stageBegan = now;
    }

    /// <summary>True where the time is over and the client is still there.</summary>
    public bool IsOver => _end.IsCancellationRequested && !_gone.IsCancellationRequested;

    /// <summary>What to answer when the time is over.</summary>
    public Refusal Explain(TimeSpan expectedWait) => _reading
        ? new Refusal(
            StatusCodes.Status408RequestTimeout, "slow_body", $"The body did not arrive within {_options.ReadTimeout.TotalSeconds:0.##} s. Send it faster, or a smaller one.")
        : Refusal.Busy($"The request was not done within {_options.RequestTimeout.TotalSeconds:0.##} s and was given up. Try again later.", expectedWait);

    public void Dispose() => _end.Dispose();
}
