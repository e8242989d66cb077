using System.Text.Json;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace FocalSharp.Serving.Http;

/// <summary>An error as RFC 9457 writes it, with a word for programs.</summary>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong and what to do, for people.</param>
/// <param name="Fault">What is wrong, for programs, as <c>too_many_pixels</c>.</param>
internal sealed record Problem(string Title, int Status, string Detail, string Fault)
{
    public const string ContentType = "application/problem+json";

    public static Problem Of(int status, string detail, string fault) => new(ReasonPhrases.GetReasonPhrase(status), status, detail, fault);

    public static Problem Of(UploadException exception) =>
        Of(exception.StatusCode, exception.Message, JsonNamingPolicy.SnakeCaseLower.ConvertName(exception.Fault.ToString()));

    /// <summary>What to answer for an exception; nothing of an unexpected one is told.</summary>
    public static Problem Of(Exception exception) => exception switch
    {
        UploadException upload => Of(upload),
        Refusal refusal => Of(refusal.StatusCode, refusal.Message, refusal.Fault),
        BadHttpRequestException bad => Of(bad.StatusCode, $"{bad.Message.TrimEnd('.')}.", "bad_request"),
        _ => Of(StatusCodes.Status500InternalServerError, "The service failed on this request. Its log says why.", "internal"),
    };

    /// <summary>Answers with this problem.</summary>
    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        return context.Response.WriteAsJsonAsync(this, ServingJson.Default.Problem, ContentType, context.RequestAborted);
    }
}
