using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Http;

/// <summary>A request that is not served; the message is for its sender.</summary>
internal sealed class ApiException : Exception
{
    public ApiException()
    {
    }

    public ApiException(string message)
        : base(message)
    {
    }

    public ApiException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public ApiException(int status, string error, string message, TimeSpan? retryAfter = null)
        : base(message) => (StatusCode, Code, RetryAfter) = (status, error, retryAfter);

    public int StatusCode { get; } = StatusCodes.Status400BadRequest;

    /// <summary>A word for programs, as <c>busy</c>.</summary>
    public string Code { get; } = "bad_request";

    /// <summary>When to try again.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Too much is asked at once.</summary>
    public static ApiException Busy(string message, TimeSpan expectedWait) =>
        new(StatusCodes.Status503ServiceUnavailable, "busy", message, TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(expectedWait.TotalSeconds), 1, 30)));
}
