using System.Text.Json;
using FocalSharp.Assignment;
using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Explorer.Hosting;
using FocalSharp.Explorer.Models;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Drawing;
using FocalSharp.Models;
using FocalSharp.Training.Data;
using FocalSharp.Training.Recipes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Datasets;

/// <summary>The endpoints for a data set before training: its objects, and batches as training augments them.</summary>
internal sealed class DataApi(ExplorerModelCatalog catalog, DatasetCache data) : IDisposable
{
    private const int MaxObjects = 4000;
    private const int BatchSize = 8;
    private const int Columns = 4;
    private readonly SemaphoreSlim _batches = new(1);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/data", GetData);
        endpoints.MapGet("/api/data/batch", GetBatchAsync);
    }

    public void Dispose() => _batches.Dispose();

    private Utf8JsonResult GetData(string? model)
    {
        ExplorerModelEntry? entry = Find(model);
        DetectionDataset dataset = data.GetTrainingImages(entry);
        Recipe recipe = LoadRecipe(entry);
        return new Utf8JsonResult(writer => Write(writer, dataset, recipe));
    }

    private async Task<IResult> GetBatchAsync(string? model, int seed, CancellationToken cancellationToken)
    {
        ExplorerModelEntry? entry = Find(model);
        await _batches.WaitAsync(cancellationToken);
        try
        {
            byte[] sheet = await Task.Run(() => DrawBatch(data.GetTrainingImages(entry), LoadRecipe(entry), seed), cancellationToken);
            return Results.Bytes(sheet, "image/jpeg");
        }
        finally
        {
            _batches.Release();
        }
    }

    // Without a name the first model: with --data there may be none.
    private ExplorerModelEntry? Find(string? model) => string.IsNullOrEmpty(model) ? catalog.GetEntries() is [var first, ..] ? first : null : catalog.Find(model);

    private static Recipe LoadRecipe(ExplorerModelEntry? entry)
    {
        string? path = entry?.RunFolder is { } folder ? RunFolder.Open(folder).RecipePath : null;
        return RecipeBook.Load(File.Exists(path) ? path : RecipeSelector.Default);
    }

    private static byte[] DrawBatch(DetectionDataset dataset, Recipe recipe, int seed)
    {
        SampleLoader loader = new(dataset, recipe with { BatchSize = Math.Min(BatchSize, dataset.Images.Count) }, seed);
        TrainingBatch batch = loader.LoadEpoch(epoch: 0).First();
        List<(RgbImage Image, string Caption)> images = [];
        for (int i = 0; i < batch.Count; i++)
        {
            GroundTruth truth = batch.Targets[i];
            Box[] boxes = [.. truth.Boxes.Chunk(4).Select(edges => new Box(edges[0], edges[1], edges[2], edges[3]))];
            images.Add((DetectionRenderer.DrawGroundTruth(ReadImage(batch, i), boxes, truth.Labels, dataset.Classes), Path.GetFileName(loader.GetFileName(batch.Images[i]))));
        }

        using MemoryStream stream = new();
        ImageEncoder.SaveJpeg(ContactSheet.Compose(images, Columns), stream);
        return stream.ToArray();
    }

    // From planes to pixels.
    private static RgbImage ReadImage(TrainingBatch batch, int index)
    {
        RgbImage image = new(batch.Width, batch.Height);
        int area = batch.Width * batch.Height;
        ReadOnlySpan<byte> planes = batch.Pixels.AsSpan(index * 3 * area, 3 * area);
        for (int i = 0; i < area; i++)
        {
            (image.Pixels[3 * i], image.Pixels[(3 * i) + 1], image.Pixels[(3 * i) + 2]) = (planes[i], planes[area + i], planes[(2 * area) + i]);
        }

        return image;
    }

    private static void Write(Utf8JsonWriter writer, DetectionDataset dataset, Recipe recipe)
    {
        (DatasetImage Image, ObjectAnnotation Object)[] objects =
            [.. dataset.Images.SelectMany(image => image.Objects.Where(item => !item.IsCrowd).Select(item => (image, item)))];
        writer.WriteStartObject();
        writer.WriteString("name", dataset.Name);
        writer.WriteNumber("images", dataset.Images.Count);
        writer.WriteBoolean("evaluation", DatasetCache.IsForEvaluation(dataset));
        writer.WriteNumber("empty", dataset.Images.Count(image => image.Objects.Count == 0));
        writer.WriteNumber("objectCount", objects.Length);
        writer.WriteNumber("regMax", recipe.Model.Head.RegMax);
        writer.WriteNumber("longSide", recipe.Input.LongSide);
        writer.WriteNumber("shortSide", recipe.Input.ShortSide);
        writer.WriteBoolean("stretched", recipe.Input.ResizeRule.IsStretched);
        writer.WriteStartArray("classes");
        ILookup<int, (DatasetImage Image, ObjectAnnotation Object)> byClass = objects.ToLookup(item => item.Object.Label);
        for (int label = 0; label < dataset.Classes.Count; label++)
        {
            writer.WriteStartObject();
            writer.WriteString("name", dataset.Classes[label]);
            writer.WriteNumber("objects", byClass[label].Count());
            writer.WriteNumber("images", byClass[label].Select(item => item.Image).Distinct().Count());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteObjects(writer, objects);
        writer.WriteEndObject();
    }

    // Evenly spaced objects of large sets: label, center and size relative to the image, and the size of the image.
    private static void WriteObjects(Utf8JsonWriter writer, (DatasetImage Image, ObjectAnnotation Object)[] objects)
    {
        int step = Math.Max(1, (objects.Length + MaxObjects - 1) / MaxObjects);
        writer.WriteStartArray("objects");
        for (int i = 0; i < objects.Length; i += step)
        {
            (DatasetImage image, ObjectAnnotation item) = objects[i];
            writer.WriteStartArray();
            writer.WriteNumberValue(item.Label);
            writer.WriteNumberValue(Math.Round((item.Box.X1 + item.Box.X2) / 2 / image.Width, 4));
            writer.WriteNumberValue(Math.Round((item.Box.Y1 + item.Box.Y2) / 2 / image.Height, 4));
            writer.WriteNumberValue(Math.Round(item.Box.Width, 2));
            writer.WriteNumberValue(Math.Round(item.Box.Height, 2));
            writer.WriteNumberValue(image.Width);
            writer.WriteNumberValue(image.Height);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
