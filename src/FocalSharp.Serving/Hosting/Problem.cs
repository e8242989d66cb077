using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace FocalSharp.Serving.Hosting;

/// <summary>An error response as RFC 9457 defines it, with a machine-readable code.</summary>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong and how to fix it.</param>
/// <param name="Code">A machine-readable code, for example <c>too_many_pixels</c>.</param>
internal sealed record Problem(string Title, int Status, string Detail, string Code)
{
    public const string ContentType = "application/problem+json";

    public static Problem Create(int status, string detail, string code) => new(ReasonPhrases.GetReasonPhrase(status), status, detail, code);

    /// <summary>Maps an exception to a problem. Details of an unexpected exception are not exposed.</summary>
    public static Problem Create(Exception exception) => exception switch
    {
        ApiException error => Create(error.StatusCode, error.Message, error.Code),
        BadHttpRequestException bad => Create(bad.StatusCode, $"{bad.Message.TrimEnd('.')}.", "bad_request"),
        _ => Create(StatusCodes.Status500InternalServerError, "The server failed to process the request. See its log for the cause.", "internal"),
    };

    /// <summary>Writes this problem as the response.</summary>
    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        return context.Response.WriteAsJsonAsync(this, ProblemJson.Default.Problem, ContentType, CancellationToken.None);
    }
}

/// <summary>Serializes problems.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext;
