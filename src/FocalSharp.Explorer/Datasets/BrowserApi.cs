using FocalSharp.Explorer.Datasets.Filtering;
using FocalSharp.Explorer.Hosting;
using FocalSharp.Explorer.Models;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Codecs.Rows;
using FocalSharp.Serving.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Datasets;

/// <summary>The endpoints for the images that a run was evaluated on: a sorted list, the images, and thumbnails.</summary>
internal sealed class BrowserApi(ExplorerModelCatalog catalog, DatasetCache data) : IDisposable
{
    private const int MaxPerPage = 96;
    private const int ThumbnailSide = 320;

    // An image of any size; one that is too large for memory is read by rows.
    private static readonly ImageDecodeOptions Decoding = new() { MaxPixels = 10_000_000_000 };

    private readonly SemaphoreSlim _decodes = new(Environment.ProcessorCount);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/images", ListImages);
        endpoints.MapGet("/api/images/picture", GetImage);
        endpoints.MapGet("/api/images/thumbnail", GetThumbnail);
    }

    public void Dispose() => _decodes.Dispose();

    private IResult ListImages(string? model, HttpRequest request, string order = "worst", int offset = 0, int limit = 24)
    {
        if (catalog.Find(model) is not { } entry)
        {
            return NotFound.Model(model);
        }

        if (offset < 0 || limit is < 1 or > MaxPerPage)
        {
            return ProblemResults.Create(StatusCodes.Status400BadRequest, $"offset must be at least 0, and limit between 1 and {MaxPerPage}.", "bad_parameter");
        }

        EvaluatedDataset evaluated;
        try
        {
            evaluated = data.Get(entry);
        }
        catch (FocalSharpException exception)
        {
            return new Utf8JsonResult(writer => BrowserJson.WriteEmpty(writer, exception.Message)); // a model without a data set is not an error
        }

        if (ImageFilter.Parse(request.Query) is { } filter)
        {
            IReadOnlyList<FilteredImage> found = filter.Find(evaluated);
            return new Utf8JsonResult(writer => BrowserJson.Write(writer, evaluated, filter, found, offset, limit));
        }

        IEnumerable<EvaluatedImage> images = order switch
        {
            "worst" when evaluated.Split == SelectionFolder.Split => evaluated.Images, // in order of selection
            "worst" => evaluated.OrderByWorst(),
            "false-positives" => evaluated.OrderByFalsePositives(),
            "name" => evaluated.Images.OrderBy(image => image.Image.FileName, StringComparer.Ordinal),
            _ => [],
        };
        return order is "worst" or "false-positives" or "name"
            ? new Utf8JsonResult(writer => BrowserJson.Write(writer, evaluated, [.. images.Skip(offset).Take(limit)], evaluated.Images.Count))
            : ProblemResults.Create(StatusCodes.Status400BadRequest, "order must be worst, false-positives or name.", "bad_parameter");
    }

    private IResult GetImage(string? model, int image) => Find(model, image, out IResult? error) is { } found
        ? Results.File(found.Image.Path, MediaType(found.Image.Path))
        : error!;

    private async Task<IResult> GetThumbnail(string? model, int image, HttpContext context, CancellationToken cancellationToken)
    {
        if (Find(model, image, out IResult? error) is not { } found)
        {
            return error!;
        }

        await _decodes.WaitAsync(cancellationToken);
        try
        {
            byte[] small = await Task.Run(() => CreateThumbnail(found.Image.Path), cancellationToken);
            context.Response.Headers.CacheControl = "private, max-age=600";
            return Results.Bytes(small, "image/jpeg");
        }
        finally
        {
            _decodes.Release();
        }
    }

    private EvaluatedImage? Find(string? model, int index, out IResult? error)
    {
        error = null;
        if (catalog.Find(model) is not { } entry)
        {
            error = NotFound.Model(model);
            return null;
        }

        EvaluatedDataset evaluated = data.Get(entry);
        if (index >= 0 && index < evaluated.Images.Count)
        {
            return evaluated.Images[index];
        }

        error = NotFound.Image(index, evaluated.Images.Count);
        return null;
    }

    private static byte[] CreateThumbnail(string path)
    {
        using MemoryStream stream = new();
        ImageEncoder.SaveJpeg(ReducedDecoder.Decode(path, ThumbnailSide, Decoding).Image, stream, quality: 85);
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
