using FocalSharp.Explorer.Hosting;
using FocalSharp.Explorer.Models;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Datasets;

/// <summary>The images that a run was judged by: a list in order of what went wrong, pictures, and small pictures.</summary>
internal sealed class BrowserApi(ModelCatalog catalog, DataShelf data) : IDisposable
{
    private const int MostPerPage = 96;
    private const int ThumbnailSide = 320;
    private readonly SemaphoreSlim _decodes = new(Environment.ProcessorCount);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/images", List);
        endpoints.MapGet("/api/images/picture", Picture);
        endpoints.MapGet("/api/images/thumbnail", Thumbnail);
    }

    public void Dispose() => _decodes.Dispose();

    private IResult List(string? model, string order = "worst", int offset = 0, int limit = 24)
    {
        if (catalog.Find(model) is not { } entry)
        {
            return Refusals.NoModel(model);
        }

        if (offset < 0 || limit is < 1 or > MostPerPage)
        {
            return Refusals.Of(StatusCodes.Status400BadRequest, $"offset counts from 0, and limit is 1 to {MostPerPage}.");
        }

        JudgedData judged;
        try
        {
            judged = data.Of(entry);
        }
        catch (UserErrorException exception)
        {
            return new JsonAnswer(writer => BrowserJson.WriteNone(writer, exception.Message)); // a model of its own is no fault
        }

        IEnumerable<JudgedImage> images = order switch
        {
            "worst" => judged.WorstFirst(),
            "extra" => judged.MostExtraFirst(),
            "name" => judged.Images.OrderBy(image => image.Image.FileName, StringComparer.Ordinal),
            _ => [],
        };
        return order is "worst" or "extra" or "name"
            ? new JsonAnswer(writer => BrowserJson.Write(writer, judged, [.. images.Skip(offset).Take(limit)]))
            : Refusals.Of(StatusCodes.Status400BadRequest, "order is worst, extra or name.");
    }

    private IResult Picture(string? model, int image) => Find(model, image, out IResult? refusal) is { } found
        ? Results.File(found.Image.Path, MediaType(found.Image.Path))
        : refusal!;

    private async Task<IResult> Thumbnail(string? model, int image, HttpContext context, CancellationToken cancellation)
    {
        if (Find(model, image, out IResult? refusal) is not { } found)
        {
            return refusal!;
        }

        await _decodes.WaitAsync(cancellation);
        try
        {
            byte[] small = await Task.Run(() => Shrink(found.Image.Path), cancellation);
            context.Response.Headers.CacheControl = "private, max-age=600";
            return Results.Bytes(small, "image/jpeg");
        }
        finally
        {
            _decodes.Release();
        }
    }

    private JudgedImage? Find(string? model, int index, out IResult? refusal)
    {
        refusal = null;
        if (catalog.Find(model) is not { } entry)
        {
            refusal = Refusals.NoModel(model);
            return null;
        }

        JudgedData judged = data.Of(entry);
        if (index >= 0 && index < judged.Images.Count)
        {
            return judged.Images[index];
        }

        refusal = Refusals.NoImage(index, judged.Images.Count);
        return null;
    }

    private static byte[] Shrink(string path)
    {
        RgbImage image = ImageDecoder.Decode(path);
        double scale = Math.Min(1, ThumbnailSide / (double)Math.Max(image.Width, image.Height));
        using MemoryStream stream = new();
        ImageEncoder.SaveJpeg(
            scale < 1 ? AreaResizer.Resize(image, Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale))) : image, stream, quality: 85);
        return stream.ToArray();
    }

    private static string MediaType(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".png" => "image/png",
        ".bmp" => "image/bmp",
        ".gif" => "image/gif",
        ".webp" => "image/webp",
        _ => "image/jpeg",
    };
}
