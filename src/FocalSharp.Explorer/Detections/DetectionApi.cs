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
internal sealed class DetectionApi(ExplorerModelCatalog catalog, ModelCache models, DatasetCache data, ImageUploads uploads)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/models", ListModels);
        endpoints.MapPost("/api/detections", DetectUpload);
        endpoints.MapGet("/api/detections", DetectStored);
    }

    private Utf8JsonResult ListModels() => new(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("maxBytes", Math.Min(uploads.Options.MaxImageBytes, new ExplorerOptions().MaxBodyBytes));
        writer.WriteNumber("maxPixels", uploads.Options.MaxPixels);
        writer.WriteStartArray("models");
        foreach (ExplorerModelEntry entry in catalog.GetEntries())
        {
            writer.WriteStartObject();
            writer.WriteString("id", entry.Id);
            writer.WriteString("kind", entry.Kind);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private async Task<IResult> DetectUpload(string? model, HttpRequest request, CancellationToken cancellationToken)
    {
        if (catalog.Find(model) is not { } entry)
        {
            return ProblemResults.ModelNotFound(model);
        }

        try
        {
            using UploadedForm form = await uploads.ReadAsync(request, cancellationToken);
            if (form.Images is not [UploadedImage upload])
            {
                return ProblemResults.Create(StatusCodes.Status400BadRequest, $"Send one image at a time; {form.Images.Count} came.");
            }

            using DecodedForm decoded = await uploads.DecodeAsync(form, cancellationToken);
            if (decoded.Images[0] is { Error: { } error })
            {
                return ProblemResults.Create(error.StatusCode, error.Message);
            }

            CandidatesResponse answer = await CandidateQuery.RunAsync(models, entry, decoded.Images[0].Image!, upload.Name, truth: null, cancellationToken);
            return new Utf8JsonResult(writer => CandidateJson.Write(writer, answer));
        }
        catch (UploadException error)
        {
            request.HttpContext.Response.Headers.Connection = "close"; // what is left of the body is not wanted
            return ProblemResults.Create(error.StatusCode, error.Message);
        }
    }

    private async Task<IResult> DetectStored(string? model, int image, CancellationToken cancellationToken)
    {
        if (catalog.Find(model) is not { } entry)
        {
            return ProblemResults.ModelNotFound(model);
        }

        EvaluatedDataset evaluated = data.Get(entry);
        if (image < 0 || image >= evaluated.Images.Count)
        {
            return ProblemResults.ImageNotFound(image, evaluated.Images.Count);
        }

        Datasets.EvaluatedImage known = evaluated.Images[image];
        RgbImage pixels = await Task.Run(() => ImageDecoder.Decode(known.Image.Path), cancellationToken);
        CandidatesResponse answer = await CandidateQuery.RunAsync(
            models, entry, pixels, known.Image.FileName, (known.Image.Objects, evaluated.Dataset.Classes), cancellationToken);
        return new Utf8JsonResult(writer => CandidateJson.Write(writer, answer));
    }
}
