using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Http;

/// <summary>A request that is not served; the message is for its sender.</summary>
internal sealed class Refusal : Exception
{
    public Refusal()
    {
    }

    public Refusal(string message)
        : base(message)
    {
    }

    public Refusal(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public Refusal(int status, string fault, string message, TimeSpan? retryAfter = null)
        : base(message) => (StatusCode, Fault, RetryAfter) = (status, fault, retryAfter);

    public int StatusCode { get; } = StatusCodes.Status400BadRequest;

    /// <summary>A word for programs, as <c>busy</c>.</summary>
    public string Fault { get; } = "bad_request";

    /// <summary>When to try again.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Too much is asked at once.</summary>
    public static Refusal Busy(string message, TimeSpan expectedWait) =>
        new(StatusCodes.Status503ServiceUnavailable, "busy", message, TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(expectedWait.TotalSeconds), 1, 30)));
}
