using System.Text.Json;
using FocalSharp.Explorer.Datasets;
using FocalSharp.Explorer.Hosting;
using FocalSharp.Explorer.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Calibration;

/// <summary>How far a run's scores and deviations can be believed, as its judgement left it.</summary>
internal sealed class CalibrationApi(ExplorerModelCatalog catalog)
{
    private static readonly string[] MetricNames = ["AP", "AP50", "AP75", "dataset", "split"];

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/calibration", GetCalibration);

    private IResult GetCalibration(string? model)
    {
        if (catalog.Find(model) is not { } entry)
        {
            return ProblemResults.ModelNotFound(model);
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

    private static void Write(Utf8JsonWriter writer, JsonElement numbers)
    {
        writer.WriteStartObject();
        foreach (string name in MetricNames)
        {
            if (numbers.TryGetProperty(name, out JsonElement value))
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }
        }

        writer.WritePropertyName("calibration");
        numbers.GetProperty("calibration").WriteTo(writer);
        writer.WriteEndObject();
    }

    private static string DescribeMissing(ExplorerModelEntry entry) => entry.RunFolder is null
        ? $"{entry.Id} is a file without a run, so nothing was judged. 'focalsharp eval {entry.Id} DATA' prints its calibration."
        : $"{entry.Id} was judged before calibration was measured. 'focalsharp eval RUN DATA --json RUN/eval.json' measures it, with RUN and DATA of this run.";
}
