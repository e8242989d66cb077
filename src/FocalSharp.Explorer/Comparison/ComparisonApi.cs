using FocalSharp.Explorer.Datasets;
using FocalSharp.Explorer.Hosting;
using FocalSharp.Explorer.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Comparison;

/// <summary>The endpoint that compares the saved detections of two models on the images of the first.</summary>
internal sealed class ComparisonApi(ExplorerModelCatalog catalog, DatasetCache data)
{
    private const int MaxCached = 4;
    private readonly List<(EvaluatedDataset First, EvaluatedDataset Second, ModelComparison Comparison)> _cache = [];
    private readonly Lock _lock = new();

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/comparison", Compare);

    private IResult Compare(string? model, string? with)
    {
        if (catalog.Find(model) is not { } first || catalog.Find(with) is not { } second)
        {
            return NotFound.Model(catalog.Find(model) is null ? model : with);
        }

        ModelComparison comparison;
        try
        {
            comparison = Get(first, second);
        }
        catch (DatasetException exception)
        {
            return new Utf8JsonResult(writer => // models without saved detections can still be compared image by image
            {
                writer.WriteStartObject();
                writer.WriteString("note", exception.Message);
                writer.WriteEndObject();
            });
        }

        return new Utf8JsonResult(writer => ComparisonJson.Write(writer, comparison));
    }

    private ModelComparison Get(ExplorerModelEntry first, ExplorerModelEntry second)
    {
        EvaluatedDataset one = data.Get(first);
        EvaluatedDataset other;
        try
        {
            other = data.Get(second);
        }
        catch (DatasetException exception)
        {
            throw ModelComparison.CreateMissing(second.Id, exception); // it may have no data set of its own
        }

        lock (_lock) // computed once, although a page may ask twice
        {
            int place = _cache.FindIndex(item => ReferenceEquals(item.First, one) && ReferenceEquals(item.Second, other));
            if (place >= 0)
            {
                return _cache[place].Comparison;
            }

            ModelComparison comparison = ModelComparison.Create(one, other, first.Id, second.Id);
            _cache.Add((one, other, comparison));
            if (_cache.Count > MaxCached)
            {
                _cache.RemoveAt(0);
            }

            return comparison;
        }
    }
}
