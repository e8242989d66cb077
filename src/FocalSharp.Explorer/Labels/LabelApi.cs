using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Patching;
using FocalSharp.Explorer.Datasets;
using FocalSharp.Explorer.Hosting;
using FocalSharp.Explorer.Models;
using FocalSharp.Serving.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Labels;

/// <summary>
/// The endpoints that correct labels. They write one file, the patch beside the data set, and only for a program on this machine: requests from the
/// network, from pages of other sites, and those that a form of another site could send are refused.
/// </summary>
internal sealed class LabelApi(ExplorerModelCatalog catalog, DatasetCache data)
{
    private const long MaxBytes = 64 << 10;
    private readonly ConcurrentDictionary<string, (DetectionDataset Original, LabelStore Store)> _stores = new();

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/labels", (string? model, int image) => Use(model, image, (store, found) => store.Get(found)));
        endpoints.MapGet("/api/labels/progress", GetProgress);
        endpoints.MapPost("/api/labels", Edit);
        endpoints.MapPost("/api/labels/undo", Undo);
        endpoints.MapPost("/api/labels/reviewed", (string? model, int image, HttpContext context) =>
            FindProblem(context) ?? Use(model, image, (store, found) => store.Review(found)));
    }

    private async Task<IResult> Edit(string? model, int image, HttpContext context)
    {
        if (FindProblem(context) is { } problem)
        {
            return problem;
        }

        try
        {
            using JsonDocument json = await JsonDocument.ParseAsync(context.Request.Body, new JsonDocumentOptions { MaxDepth = 8 }, context.RequestAborted);
            JsonElement root = json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement : throw new JsonException("it is not an object");
            PatchLabel? before = root.TryGetProperty("before", out JsonElement old) ? LabelPatchJson.ParseLabel(old) : null;
            PatchLabel? after = root.TryGetProperty("after", out JsonElement young) ? LabelPatchJson.ParseLabel(young) : null;
            return before is null && after is null ? throw new JsonException("it has neither 'before' nor 'after'") : Use(model, image, (store, found) => store.Add(found, before, after));
        }
        catch (JsonException exception)
        {
            return ProblemResults.Create(StatusCodes.Status400BadRequest, $"The edit cannot be read: {exception.Message}", "bad_edit");
        }
    }

    private IResult GetProgress(string? model)
    {
        if (catalog.Find(model) is not { } entry)
        {
            return NotFound.Model(model);
        }

        EvaluatedDataset evaluated = data.Get(entry);
        IReadOnlySet<string> reviewed = GetStore(evaluated).GetReviewed();
        return new Utf8JsonResult(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("reviewed");
            foreach (EvaluatedImage image in evaluated.Images.Where(image => reviewed.Contains(image.Image.Path)))
            {
                writer.WriteNumberValue(image.Index);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private IResult Undo(string? model, HttpContext context)
    {
        if (FindProblem(context) is { } problem)
        {
            return problem;
        }

        if (catalog.Find(model) is not { } entry)
        {
            return NotFound.Model(model);
        }

        EvaluatedDataset evaluated = data.Get(entry);
        DatasetImage? undone = GetStore(evaluated).Undo();
        int index = undone is null ? -1 : evaluated.Images.FirstOrDefault(image => image.Image.Path == undone.Path)?.Index ?? -1;
        return new Utf8JsonResult(writer =>
        {
            writer.WriteStartObject();
            if (index >= 0)
            {
                writer.WriteNumber("image", index);
            }

            writer.WriteEndObject();
        });
    }

    private IResult Use(string? model, int image, Func<LabelStore, DatasetImage, ImageLabels> use)
    {
        if (catalog.Find(model) is not { } entry)
        {
            return NotFound.Model(model);
        }

        EvaluatedDataset evaluated = data.Get(entry);
        if (image < 0 || image >= evaluated.Images.Count)
        {
            return NotFound.Image(image, evaluated.Images.Count);
        }

        LabelStore store = GetStore(evaluated);
        string path = evaluated.Images[image].Image.Path;
        try
        {
            ImageLabels labels = use(store, evaluated.Original.Images.First(original => original.Path == path));
            return new Utf8JsonResult(writer => LabelJson.Write(writer, store, labels, evaluated, image));
        }
        catch (DatasetException exception)
        {
            return ProblemResults.Create(StatusCodes.Status409Conflict, exception.Message, "conflict");
        }
    }

    private LabelStore GetStore(EvaluatedDataset evaluated)
    {
        string path = LabelPatch.GetPath(evaluated.Path ?? throw new DatasetException($"{evaluated.Dataset.Name}: is not a data set on disk, so its labels cannot be corrected."));
        return _stores.AddOrUpdate(
            path,
            key => (evaluated.Original, new LabelStore(key, evaluated.Original)),
            (key, known) => ReferenceEquals(known.Original, evaluated.Original) ? known : (evaluated.Original, new LabelStore(key, evaluated.Original))).Store;
    }

    // The host refuses pages of other sites already. A form cannot send JSON, so that a browser that states no origin asks first, and is refused.
    private static IResult? FindProblem(HttpContext context)
    {
        bool isLocal = context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from) && RequestOrigin.IsLoopbackHost(context.Request);
        if (!isLocal || RequestOrigin.IsCrossSite(context.Request))
        {
            return ProblemResults.Create(StatusCodes.Status403Forbidden, "Labels can be corrected only on the machine that the explorer runs on.", "not_local");
        }

        if (!context.Request.HasJsonContentType())
        {
            return ProblemResults.Create(StatusCodes.Status415UnsupportedMediaType, "Send application/json.", "not_json");
        }

        return context.Request.Body is MemoryStream { Length: > MaxBytes } // received by the host
            ? ProblemResults.Create(StatusCodes.Status413PayloadTooLarge, $"An edit has at most {MaxBytes >> 10} KiB.", "large_edit")
            : null;
    }
}
