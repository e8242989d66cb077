using System.Text.Json;
using FocalSharp.Explorer.Datasets;
using FocalSharp.Explorer.Hosting;
using FocalSharp.Explorer.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Calibration;

/// <summary>How far a run's scores and deviations can be believed, as its judgement left it.</summary>
internal sealed class CalibrationApi(ModelCatalog catalog)
{
    private static readonly string[] Kept = ["AP", "AP50", "AP75", "dataset", "split"];

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/calibration", Calibration);

    private IResult Calibration(string? model)
    {
        if (catalog.Find(model) is not { } entry)
        {
            return Refusals.NoModel(model);
        }

        if (RunNumbers.Calibrated(entry) is not { } json)
        {
            string note = Missing(entry);
            return new JsonAnswer(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("note", note);
                writer.WriteNull("calibration");
                writer.WriteEndObject();
            });
        }

        return new JsonAnswer(writer =>
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
        foreach (string name in Kept)
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

    private static string Missing(ModelEntry entry) => entry.RunFolder is null
        ? $"{entry.Id} is a file without a run, so nothing was judged. 'focalsharp eval {entry.Id} DATA' prints its calibration."
        : $"{entry.Id} was judged before calibration was measured. 'focalsharp eval RUN DATA --json RUN/eval.json' measures it, with RUN and DATA of this run.";
}
