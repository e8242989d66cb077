using FocalSharp.Explorer.Datasets;
using FocalSharp.Explorer.Hosting;
using FocalSharp.Explorer.Models;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Detections;

/// <summary>
/// Models and what they see, by HTTP. Models are asked for by their name in the catalog and images by their number in the data: no
/// request names a file.
/// </summary>
internal sealed class DetectionApi(ModelCatalog catalog, ModelShelf models, DataShelf data, ImageUploads uploads)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/models", Models);
        endpoints.MapPost("/api/detections", Upload);
        endpoints.MapGet("/api/detections", Stored);
    }

    private JsonAnswer Models() => new(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("maxBytes", Math.Min(uploads.Options.MaxImageBytes, new ExplorerOptions().MaxBodyBytes));
        writer.WriteNumber("maxPixels", uploads.Options.MaxPixels);
        writer.WriteStartArray("models");
        foreach (ModelEntry entry in catalog.Entries())
        {
            writer.WriteStartObject();
            writer.WriteString("id", entry.Id);
            writer.WriteString("kind", entry.Kind);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private async Task<IResult> Upload(string? model, HttpRequest request, CancellationToken cancellation)
    {
        if (catalog.Find(model) is not { } entry)
        {
            return Refusals.NoModel(model);
        }

        try
        {
            using UploadedForm form = await uploads.ReadAsync(request, cancellation);
            if (form.Images is not [UploadedImage upload])
            {
                return Refusals.Of(StatusCodes.Status400BadRequest, $"Send one image at a time; {form.Images.Count} came.");
            }

            using DecodedForm decoded = await uploads.DecodeAsync(form, cancellation);
            if (decoded.Images[0] is { Fault: { } fault })
            {
                return Refusals.Of(fault.StatusCode, fault.Message);
            }

            DetectionAnswer answer = await ImageQuestions.AskAsync(models, entry, decoded.Images[0].Image!, upload.Name, truth: null, cancellation);
            return new JsonAnswer(writer => CandidateJson.Write(writer, answer));
        }
        catch (UploadException fault)
        {
            request.HttpContext.Response.Headers.Connection = "close"; // what is left of the body is not wanted
            return Refusals.Of(fault.StatusCode, fault.Message);
        }
    }

    private async Task<IResult> Stored(string? model, int image, CancellationToken cancellation)
    {
        if (catalog.Find(model) is not { } entry)
        {
            return Refusals.NoModel(model);
        }

        JudgedData judged = data.Of(entry);
        if (image < 0 || image >= judged.Images.Count)
        {
            return Refusals.NoImage(image, judged.Images.Count);
        }

        Datasets.JudgedImage known = judged.Images[image];
        RgbImage pixels = await Task.Run(() => ImageDecoder.Decode(known.Image.Path), cancellation);
        DetectionAnswer answer = await ImageQuestions.AskAsync(
            models, entry, pixels, known.Image.FileName, (known.Image.Objects, judged.Dataset.Classes), cancellation);
        return new JsonAnswer(writer => CandidateJson.Write(writer, answer));
    }
}
