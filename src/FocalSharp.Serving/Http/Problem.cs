using System.Text.Json;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace FocalSharp.Serving.Http;

/// <summary>An error as RFC 9457 writes it, with a word for programs.</summary>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong and what to do, for people.</param>
/// <param name="Code">What is wrong, for programs, as <c>too_many_pixels</c>.</param>
internal sealed record Problem(string Title, int Status, string Detail, string Code)
{
    public const string ContentType = "application/problem+json";

    public static Problem Create(int status, string detail, string error) => new(ReasonPhrases.GetReasonPhrase(status), status, detail, error);

    public static Problem Create(UploadException exception) =>
        Create(exception.StatusCode, exception.Message, JsonNamingPolicy.SnakeCaseLower.ConvertName(exception.Error.ToString()));

    /// <summary>What to answer for an exception; nothing of an unexpected one is told.</summary>
    public static Problem Create(Exception exception) => exception switch
    {
        UploadException upload => Create(upload),
        ApiException error => Create(error.StatusCode, error.Message, error.Code),
        BadHttpRequestException bad => Create(bad.StatusCode, $"{bad.Message.TrimEnd('.')}.", "bad_request"),
        _ => Create(StatusCodes.Status500InternalServerError, "The service failed on this request. Its log says why.", "internal"),
    };

    /// <summary>Answers with this problem.</summary>
    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        return context.Response.WriteAsJsonAsync(this, ServingJson.Default.Problem, ContentType, context.RequestAborted);
    }
}
