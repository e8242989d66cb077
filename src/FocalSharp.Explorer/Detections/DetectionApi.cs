using FocalSharp.Explorer.Datasets;
using FocalSharp.Explorer.Hosting;
using FocalSharp.Explorer.Models;
using FocalSharp.Explorer.Reports;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Serving.Hosting;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Detections;

/// <summary>
/// The endpoints for models and detections. Requests identify models by their name in the catalog and images by their index in the data set, never
/// by a path.
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
            writer.WriteBoolean("report", ReportApi.Find(entry) is not null);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private async Task<IResult> DetectUpload(string? model, HttpRequest request, CancellationToken cancellationToken)
    {
        if (catalog.Find(model) is not { } entry)
        {
            return NotFound.Model(model);
        }

        using UploadedForm form = await ReadAsync(request, cancellationToken);
        if (form.Images is not [UploadedImage upload])
        {
            return ProblemResults.Create(StatusCodes.Status400BadRequest, $"Send one image per request; this one contains {form.Images.Count}.", "too_many_parts");
        }

        using DecodedForm decoded = await uploads.DecodeAsync(form, cancellationToken);
        if (decoded.Images[0].Error is { } error)
        {
            throw error;
        }

        CandidatesResponse response = await CandidateQuery.RunAsync(models, catalog.Hints, entry, decoded.Images[0].Image!, upload.Name, truth: null, cancellationToken);
        return new Utf8JsonResult(writer => CandidateJson.Write(writer, response));
    }

    private async Task<UploadedForm> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await uploads.ReadAsync(request, cancellationToken);
        }
        catch (UploadException)
        {
            request.HttpContext.Response.Headers.Connection = "close"; // do not read the rest of the body
            throw;
        }
    }

    // The images are those of the data set of another model, if it is named: the index is a position in that data set.
    private async Task<IResult> DetectStored(string? model, string? dataOf, int image, CancellationToken cancellationToken)
    {
        if (catalog.Find(model) is not { } entry || catalog.Find(dataOf ?? model) is not { } owner)
        {
            return NotFound.Model(catalog.Find(model) is null ? model : dataOf);
        }

        EvaluatedDataset evaluated = data.Get(owner);
        if (image < 0 || image >= evaluated.Images.Count)
        {
            return NotFound.Image(image, evaluated.Images.Count);
        }

        EvaluatedImage known = evaluated.Images[image];
        RgbImage pixels = await Task.Run(() => ImageDecoder.Decode(known.Image.Path), cancellationToken);
        CandidatesResponse response = await CandidateQuery.RunAsync(
            models, catalog.Hints, entry, pixels, known.Image.FileName, (known.Image.Objects, evaluated.Dataset.Classes), cancellationToken);
        return new Utf8JsonResult(writer => CandidateJson.Write(writer, response));
    }
}
