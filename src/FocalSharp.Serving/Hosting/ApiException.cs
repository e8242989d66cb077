using Microsoft.AspNetCore.Http;

namespace FocalSharp.Serving.Hosting;

/// <summary>The exception that is thrown to reject a request. Its message is sent to the client.</summary>
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

    public ApiException(int statusCode, string code, string message, TimeSpan? retryAfter = null)
        : base(message) => (StatusCode, Code, RetryAfter) = (statusCode, code, retryAfter);

    public int StatusCode { get; } = StatusCodes.Status400BadRequest;

    /// <summary>Gets the machine-readable reason, for example <c>busy</c>.</summary>
    public string Code { get; } = "bad_request";

    /// <summary>Gets when the client may try again; null if trying again does not help.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Creates the rejection of a request that exceeds the server's capacity.</summary>
    public static ApiException Busy(string message, TimeSpan expectedWait) =>
        new(StatusCodes.Status503ServiceUnavailable, "busy", message, TimeSpan.FromSeconds(Math.Clamp(Math.Ceiling(expectedWait.TotalSeconds), 1, 30)));
}
