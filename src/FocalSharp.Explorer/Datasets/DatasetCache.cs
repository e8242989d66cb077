using System.Collections.Concurrent;
using System.Text.Json;
using FocalSharp.Datasets;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Explorer.Models;
using FocalSharp.Training.Runs;

namespace FocalSharp.Explorer.Datasets;

/// <summary>Reads the data of runs, once each.</summary>
/// <param name="data">Data set that is looked into instead of a run's own; null for the run's.</param>
internal sealed class DatasetCache(string? data)
{
    private readonly ConcurrentDictionary<(string Data, string? Results, DateTime Written), Lazy<EvaluatedDataset>> _datasets = new();

    /// <summary>The images that belong to a model.</summary>
    /// <exception cref="FocalSharpException">None are known, or they cannot be read; the message says what to do.</exception>
    public EvaluatedDataset Get(ExplorerModelEntry entry)
    {
        string source = ResolveSource(entry);
        string? results = entry.RunFolder is { } folder && data is null ? Path.Combine(folder, "detections.json") : null;
        results = File.Exists(results) ? results : null;
        DateTime written = results is null ? default : File.GetLastWriteTimeUtc(results);
        try
        {
            return _datasets.GetOrAdd((source, results, written), key => new Lazy<EvaluatedDataset>(() => Read(key.Data, key.Results))).Value;
        }
        catch
        {
            _datasets.TryRemove((source, results, written), out _); // what was missing may be there next time
            throw;
        }
    }

    private static EvaluatedDataset Read(string source, string? results)
    {
        DetectionDataset dataset = DatasetReader.Read(source);
        (DetectionDataset eval, string split, _) = TrainEvalSplit.SelectEval(dataset);
        return EvaluatedDataset.Create(eval, split, results is null ? null : CocoResults.Read(results));
    }

    private string ResolveSource(ExplorerModelEntry entry)
    {
        string? named = data ?? (entry.RunFolder is { } folder ? ReadDatasetName(folder) : null);
        if (named is null)
        {
            throw new FocalSharpException($"{entry.Id}: nothing tells which images belong to it. Start the explorer with --data DATASET to look into one.");
        }

        // The demo's scenes lie where training draws them, below the folder that it was started in.
        string[] places = named == TrainingRun.DemoDataName
            ? [TrainingRequest.DefaultDemoFolder, Path.Combine(Path.GetDirectoryName(entry.RunFolder) ?? ".", Path.GetFileName(TrainingRequest.DefaultDemoFolder)), named]
            : [named];
        return places.FirstOrDefault(Path.Exists) ?? throw new FocalSharpException(named == TrainingRun.DemoDataName
            ? "The demo's scenes are not drawn here. 'focalsharp data check demo' draws them; or name their folder by --data."
            : $"{entry.Id} was judged on {named}, which is not there from here. Start the explorer in the folder that it was trained in, or name the data by --data.");
    }

    private static string? ReadDatasetName(string folder)
    {
        string path = Path.Combine(folder, "result.json");
        if (!File.Exists(path))
        {
            return null;
        }

        using JsonDocument json = RunResultReader.Parse(path);
        return json.RootElement.TryGetProperty("dataset", out JsonElement name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
    }
}
