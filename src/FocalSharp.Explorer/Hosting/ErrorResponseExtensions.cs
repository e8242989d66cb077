using Microsoft.AspNetCore.Http;

namespace FocalSharp.Explorer.Hosting;

/// <summary>Refusals in one form: a status and a JSON object with the one field <c>error</c>, a sentence for people.</summary>
internal static class ErrorResponseExtensions
{
    public static Task WriteErrorAsync(this HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error }, CancellationToken.None);
    }
}
