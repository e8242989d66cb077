using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Explorer.Hosting;

/// <summary>JSON written by hand, straight into the answer.</summary>
/// <param name="write">Writes one value.</param>
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
