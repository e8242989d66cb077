using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Explorer.Hosting;

/// <summary>An endpoint result that writes JSON to the response with a <see cref="Utf8JsonWriter"/>.</summary>
/// <param name="write">Writes a JSON value.</param>
internal sealed class Utf8JsonResult(Action<Utf8JsonWriter> write) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        using Utf8JsonWriter writer = new(httpContext.Response.BodyWriter);
        write(writer);
        await writer.FlushAsync(httpContext.RequestAborted);
    }
}
