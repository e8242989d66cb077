using FocalSharp.Explorer.Hosting;
using FocalSharp.Explorer.Models;
using FocalSharp.Serving.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Datasets;

/// <summary>The endpoints that detect objects in the images of a data set that a model has no detections of. One job runs at a time.</summary>
internal sealed class EvaluationApi(ExplorerModelCatalog catalog, DatasetCache data, ModelCache models) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private EvaluationJob? _job;
    private Task _running = Task.CompletedTask;

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/evaluations", GetState);
        endpoints.MapPost("/api/evaluations", Start);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _running.GetAwaiter().GetResult(); // it uses the models, which are disposed next
        _stop.Dispose();
    }

    private IResult GetState(string? model) => catalog.Find(model) is { } entry ? Describe(entry) : NotFound.Model(model);

    private IResult Start(string? model)
    {
        if (catalog.Find(model) is not { } entry)
        {
            return NotFound.Model(model);
        }

        EvaluatedDataset evaluated = data.Get(entry);
        lock (_lock)
        {
            if (_job is { IsRunning: true })
            {
                return ProblemResults.Create(StatusCodes.Status409Conflict, $"{_job.Entry.Id} is being evaluated. Wait until it is done.", "busy");
            }

            EvaluationJob job = new(models, entry, evaluated.Dataset);
            _job = job;
            _running = Task.Run(() => job.RunAsync(results => data.Add(entry, results), _stop.Token));
        }

        return Describe(entry);
    }

    private Utf8JsonResult Describe(ExplorerModelEntry entry)
    {
        EvaluationJob? job;
        lock (_lock)
        {
            job = _job?.Entry == entry ? _job : null;
        }

        int total = 0;
        bool isEvaluated = false;
        try
        {
            EvaluatedDataset evaluated = data.Get(entry);
            (total, isEvaluated) = (evaluated.Images.Count, evaluated.HasDetections);
        }
        catch (FocalSharpException)
        {
            // Without a data set there is nothing to evaluate; the list of images says why.
        }

        return new Utf8JsonResult(writer =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("evaluated", isEvaluated);
            writer.WriteBoolean("running", job?.IsRunning == true);
            writer.WriteNumber("done", job?.Done ?? 0);
            writer.WriteNumber("total", total);
            writer.WriteString("error", job?.Error);
            writer.WriteEndObject();
        });
    }
}
