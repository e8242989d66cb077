using System.Text.Json;
using FocalSharp.Explorer.Datasets;
using FocalSharp.Explorer.Hosting;
using FocalSharp.Explorer.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Calibration;

/// <summary>The endpoint for the calibration of a run's scores and edge deviations, from its evaluation.</summary>
internal sealed class CalibrationApi(ExplorerModelCatalog catalog)
{
    private static readonly string[] MetricNames = ["AP", "AP50", "AP75", "dataset", "split"];

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/calibration", GetCalibration);

    private IResult GetCalibration(string? model)
    {
        if (catalog.Find(model) is not { } entry)
        {
            return NotFound.Model(model);
        }

        if (RunResultReader.FindCalibration(entry) is not { } json)
        {
            string note = DescribeMissing(entry);
            return new Utf8JsonResult(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("note", note);
                writer.WriteNull("calibration");
                writer.WriteEndObject();
            });
        }

        return new Utf8JsonResult(writer =>
        {
            using (json)
            {
                Write(writer, json.RootElement);
            }
        });
    }

    private static void Write(Utf8JsonWriter writer, JsonElement result)
    {
        writer.WriteStartObject();
        foreach (string name in MetricNames)
        {
            if (result.TryGetProperty(name, out JsonElement value))
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }
        }

        writer.WritePropertyName("calibration");
        result.GetProperty("calibration").WriteTo(writer);
        writer.WriteEndObject();
    }

    private string DescribeMissing(ExplorerModelEntry entry) => entry.RunFolder is null
        ? $"{entry.Id} does not belong to a run, so there is no evaluation of it. {catalog.Hints.EvaluateModel(entry.Id)}"
        : $"The evaluation of {entry.Id} contains no calibration. {catalog.Hints.EvaluateRun}";
}
