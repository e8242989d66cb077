using FocalSharp.Checkpoints;
using FocalSharp.Cli.Terminal;
using FocalSharp.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>import</c>: any known checkpoint becomes safetensors, ours or mmdetection's.</summary>
internal static class ImportCommand
{
    /// <summary>Imports as asked; what did not fit is listed.</summary>
    public static int Run(string file, string? output, string names, ConsoleUi ui, CancellationToken cancellationToken)
    {
        string given = file;
        file = ModelZoo.Resolve(given);
        string target = output ?? (File.Exists(given) || Directory.Exists(given) ? Path.ChangeExtension(file, ".safetensors") : given + ".safetensors");
        if (string.Equals(Path.GetFullPath(target), Path.GetFullPath(file), StringComparison.Ordinal))
        {
            throw new FocalSharpException($"{file}: would be overwritten by its own import. Name another file with --out.");
        }

        if (Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase))
        {
            NanoDetWeights.Convert(file, target);
            ui.Line("NanoDet-g out of its TensorFlow.js graph, for COCO's 80 classes");
            ui.Success($"Written: {target}");
            ui.Dim($"Try: focalsharp predict {target} YOUR_IMAGE.jpg, or: focalsharp train path/to/dataset --weights {target}");
            return ExitCodes.Success;
        }

        bool mmdetection = string.Equals(names, "mmdet", StringComparison.Ordinal);
        Checkpoint source = Checkpoint.Read(file);
        cancellationToken.ThrowIfCancellationRequested();
        if (IsFocalSharpCheckpoint(source))
        {
            using GflDetector detector = DetectorCheckpoint.Load(file);
            Save(detector, target, mmdetection, DetectorCheckpoint.ReadMetadata(file));
        }
        else if (IsDetector(source))
        {
            using ImportedDetector imported = CheckpointImporter.Import(file);
            Report(ui, imported.Source, imported.Report);
            Save(imported.Detector, target, mmdetection, imported.Source.Details);
        }
        else
        {
            ListSource(ui, source);
            SafetensorsFile.Write(target, source.Weights, new Dictionary<string, string> { ["format"] = "pt" });
            ui.Line($"{source.Weights.Count} tensors without a detection head: a backbone to start from.");
            ui.Success($"Written: {target}");
            ui.Dim($"Try: focalsharp train path/to/dataset --weights {target}");
            return ExitCodes.Success;
        }

        ui.Success($"Written: {target}");
        ui.Dim(mmdetection
            ? $"In Python: model.load_state_dict(safetensors.torch.load_file('{target}'))"
            : $"Try: focalsharp info {target}");
        return ExitCodes.Success;
    }

    private static bool IsFocalSharpCheckpoint(Checkpoint source) => source.Weights.Metadata.ContainsKey("focalsharp");

    // What is neither a detector's nor a backbone's is refused by the importer, which says what is missing.
    private static bool IsDetector(Checkpoint source) =>
        source.Weights.Names.Any(name => name.Contains("bbox_head", StringComparison.Ordinal))
        || !source.Weights.Names.Any(name => name.EndsWith("conv1.weight", StringComparison.Ordinal));

    private static void Save(GflDetector detector, string target, bool mmdetection, IReadOnlyDictionary<string, string> info)
    {
        if (mmdetection)
        {
            DetectorCheckpoint.Export(target, detector);
        }
        else
        {
            DetectorCheckpoint.Save(target, detector, info);
        }
    }

    private static void Report(ConsoleUi ui, Checkpoint source, ImportReport report)
    {
        ListSource(ui, source);
        ui.Line($"{report.Loaded.Count} tensors loaded");
        List(ui, "re-initialised, of another shape", report.Reinitialized.Select(tensor => tensor.ToString()));
        List(ui, "missing in the file, left fresh", report.Missing);
        List(ui, "in the file but in no place of the model", report.Unexpected);
    }

    private static void ListSource(ConsoleUi ui, Checkpoint source)
    {
        if (source.WeightsKey.Length > 0)
        {
            ui.Field("weights from", source.WeightsKey);
        }

        if (source.OtherWeightsKeys.Count > 0)
        {
            ui.Field("also holds", string.Join(", ", source.OtherWeightsKeys));
        }

        foreach ((string key, string value) in source.Details)
        {
            ui.Field(key, value);
        }

        List(ui, "entries beside the weights, left out", source.Skipped);
        if (source.Ignored.Count > 0)
        {
            ui.Dim($"Python classes that no weight needs, left inert: {string.Join(", ", source.Ignored)}");
        }
    }

    private static void List(ConsoleUi ui, string what, IEnumerable<string> names)
    {
        string[] all = [.. names];
        if (all.Length > 0)
        {
            ui.Warn($"{all.Length} {what}:");
            foreach (string name in all)
            {
                ui.Note($"  {name}");
            }
        }
    }
}
