using System.Collections.Concurrent;
using System.Text.Json;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Patching;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Explorer.Models;
using FocalSharp.Models;
using FocalSharp.Training.Runs;

namespace FocalSharp.Explorer.Datasets;

/// <summary>Reads and caches the data sets of runs.</summary>
/// <param name="data">The data set to show instead of the run's own, or null.</param>
/// <param name="hints">What messages advise.</param>
internal sealed class DatasetCache(string? data, ExplorerHints hints)
{
    private const string DemoName = "demo";
    private static readonly string DemoFolder = Path.Combine("runs", "demo-data");

    private readonly ConcurrentDictionary<(string Data, string? Results, DateTime Written), Lazy<EvaluatedDataset>> _datasets = new();

    // Detections that were computed in the explorer, by model file and data set; they replace those of the run.
    private readonly ConcurrentDictionary<(string Model, DateTime Written, string Data), EvaluatedDataset> _computed = new();

    /// <summary>Adds the detections of a model in the images of its data set.</summary>
    public void Add(ExplorerModelEntry entry, CocoResults results)
    {
        EvaluatedDataset current = Get(entry);
        _computed[GetKey(entry)] = EvaluatedDataset.Create(current.Dataset, current.Split, results, current.Original, current.Path);
    }

    /// <summary>Returns the evaluated images of a model.</summary>
    /// <exception cref="FocalSharpException">There is no data set for the model, or it cannot be read.</exception>
    public EvaluatedDataset Get(ExplorerModelEntry entry)
    {
        if (_computed.TryGetValue(GetKey(entry), out EvaluatedDataset? computed))
        {
            return computed;
        }

        string source = ResolveSource(entry);
        string? results = entry.RunFolder is { } folder ? Path.Combine(folder, "detections.json") : null;
        results = File.Exists(results) ? results : null;
        DateTime written = results is null ? default : File.GetLastWriteTimeUtc(results);
        try
        {
            return _datasets.GetOrAdd((source, results, written), key => new Lazy<EvaluatedDataset>(() => Read(key.Data, key.Results, results is null ? null : RunFolder.Open(entry.RunFolder!).LabelPatchPath))).Value;
        }
        catch
        {
            _datasets.TryRemove((source, results, written), out _); // a missing file may exist at the next request
            throw;
        }
    }

    /// <summary>Reads the training images of a model's data set, or of the given one; all images of a set for evaluation only.</summary>
    /// <param name="entry">The model; null if only a data set was given.</param>
    /// <exception cref="FocalSharpException">There is no data set, or it cannot be read.</exception>
    public DetectionDataset GetTrainingImages(ExplorerModelEntry? entry)
    {
        string source = entry is not null ? ResolveSource(entry) : data ?? throw new DatasetException($"No data set is known. {hints.PassDataset}");
        DetectionDataset dataset = DatasetReader.Read(source);
        return IsForEvaluation(dataset) ? dataset : TrainEvalSplit.Create(dataset).Train;
    }

    // A run that was trained with a label patch is evaluated with it.
    private EvaluatedDataset Read(string source, string? results, string? patch)
    {
        if (SelectionFolder.Find(source) is { } labels)
        {
            return EvaluatedDataset.Create(SelectionFolder.Read(source), SelectionFolder.Split, results: null, path: labels);
        }

        DetectionDataset original = DatasetReader.Read(source);
        DetectionDataset dataset = File.Exists(patch) ? LabelPatcher.Apply(original, LabelPatch.Read(patch)).Dataset : original;
        (DetectionDataset eval, string split, _) = TrainEvalSplit.SelectEval(dataset);
        bool hasResults = results is not null && (data is null || HasImagesOfRun(Path.GetDirectoryName(results)!, eval));
        return EvaluatedDataset.Create(eval, split, hasResults ? ReadResults(results!, eval) : null, original, source);
    }

    // A given data set is shown with the detections of the run if the run was evaluated on the same images.
    private static bool HasImagesOfRun(string folder, DetectionDataset eval)
    {
        string path = RunFolder.Open(folder).DatasetFingerprintPath;
        return File.Exists(path) && DatasetFingerprint.Read(path).HasEvaluationImages(eval);
    }

    // Results of images that the data set no longer has are read by their ids, and not shown.
    private static CocoResults ReadResults(string path, DetectionDataset dataset)
    {
        try
        {
            return CocoResults.Read(path, CocoGroundTruth.From(dataset));
        }
        catch (DatasetException)
        {
            return CocoResults.Read(path);
        }
    }

    private (string Model, DateTime Written, string Data) GetKey(ExplorerModelEntry entry) =>
        (entry.Path, File.GetLastWriteTimeUtc(entry.Path), ResolveSource(entry));

    private string ResolveSource(ExplorerModelEntry entry)
    {
        string? named = data ?? (entry.RunFolder is { } folder ? ReadDatasetName(folder) : null);
        if (named is null)
        {
            throw new DatasetException($"{entry.Id}: no data set is known for this model. {hints.PassDataset}");
        }

        // Training draws the demo's scenes into a folder below its working directory.
        string[] places = named == DemoName
            ? [DemoFolder, Path.Combine(Path.GetDirectoryName(entry.RunFolder) ?? ".", Path.GetFileName(DemoFolder)), named]
            : [named];
        return places.FirstOrDefault(Path.Exists) ?? throw new DatasetException(named == DemoName
            ? $"The demo's images are missing. {hints.DrawDemo}"
            : $"{entry.Id} was evaluated on {named}, which does not exist relative to the current folder. Start the explorer in the folder where the model was trained. Otherwise: {hints.PassDataset}");
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

    /// <summary>Gets whether all images are of splits that are not trained on.</summary>
    public static bool IsForEvaluation(DetectionDataset dataset) => dataset.Images.All(image => image.Split is DatasetSplit.Val or DatasetSplit.Test);
}
