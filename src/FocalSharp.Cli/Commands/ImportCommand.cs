using System.CommandLine;
using FocalSharp.Checkpoints;
using FocalSharp.Checkpoints.Ncnn;
using FocalSharp.Checkpoints.Onnx;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp import</c>: converts a checkpoint to safetensors, with FocalSharp's or mmdetection's tensor names.</summary>
internal sealed class ImportCommand : CliCommand
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "Checkpoint of mmdetection, of the official GFL, NanoDet or NanoDet-Plus code or of torchvision (.pth, .pt, .ckpt), a .safetensors file, "
            + "NanoDet-g's nanodet.json, a NanoDet-Plus in ncnn format (.param with .bin), a PicoDet of PaddleDetection (.pdparams, .onnx), or the name of a published model (see 'focalsharp models')",
    };

    private readonly Option<string?> _output = new("--out", "-o")
    {
        HelpName = "FILE",
        Description = "File to write [default: FILE with .safetensors; NAME.safetensors in the current folder for a published model]",
    };

    private readonly Option<string?> _names = ChoiceOption.Create("--names", "Tensor names to write", "focalsharp", "mmdet");

    public ImportCommand(ConsoleUi ui)
        : base(ui, "import", "Convert a PyTorch, Paddle, TensorFlow.js, ncnn or ONNX file of a known detector to safetensors.")
    {
        Details = "Code in the file is never executed. Tensors that are missing or do not match are listed.";
        Examples =
        [
            new("focalsharp import gfl_r50_fpn_1x_coco.pth", "official weights, for eval, predict and train --weights"),
            new("focalsharp import runs/demo/best.safetensors --names mmdet --out back.safetensors", "back to mmdetection's names"),
        ];
        _names.DefaultValueFactory = _ => "focalsharp";
        AddSymbols(_file, _output, _names);
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string given = parsed.GetRequiredValue(_file);
        string file = ModelZoo.Resolve(given);
        string target = parsed.GetValue(_output)
            ?? (File.Exists(given) || Directory.Exists(given) ? Path.ChangeExtension(file, ".safetensors") : given + ".safetensors");
        if (string.Equals(Path.GetFullPath(target), Path.GetFullPath(file), StringComparison.Ordinal))
        {
            throw new FileException($"{file}: would be overwritten. Choose another file with --out.");
        }

        string next;
        bool mmdetection = parsed.GetValue(_names) == "mmdet";
        if (Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase))
        {
            NanoDetWeights.Convert(file, target);
            Ui.Line("NanoDet-g from its TensorFlow.js graph, with COCO's 80 classes");
            next = $"Next step: focalsharp predict {target} YOUR_IMAGE.jpg, or focalsharp train path/to/dataset --weights {target}";
        }
        else if (NcnnModel.HasExtension(file))
        {
            Ui.Line($"{NanoDetPlusWeights.Convert(file, target)}, from its ncnn files");
            next = $"Next step: focalsharp predict {target} YOUR_IMAGE.jpg, or focalsharp train path/to/dataset --weights {target}";
        }
        else if (OnnxFile.IsOnnx(file))
        {
            Ui.Line($"{PicoDetWeights.Convert(file, target)}, from its ONNX file");
            next = $"Next step: focalsharp predict {target} YOUR_IMAGE.jpg, or focalsharp train path/to/dataset --weights {target}";
        }
        else
        {
            Checkpoint source = Checkpoint.Read(file);
            cancellationToken.ThrowIfCancellationRequested();
            next = mmdetection ? $"In Python: model.load_state_dict(safetensors.torch.load_file('{target}'))" : $"Next step: focalsharp info {target}";
            if (source.Weights.Metadata.ContainsKey("focalsharp"))
            {
                using GflDetector detector = DetectorCheckpoint.Load(file);
                Save(detector, target, mmdetection, DetectorCheckpoint.ReadMetadata(file));
            }
            else if (IsDetector(source))
            {
                using ImportedDetector imported = CheckpointImporter.Import(file);
                WriteReport(imported.Source, imported.Report);
                IReadOnlyDictionary<string, string> header = PublishedHeader.Find(file, imported.Detector.Options) ?? imported.Source.Details;
                Save(imported.Detector, target, mmdetection, header);
            }
            else
            {
                WriteSource(source);
                SafetensorsFile.Write(target, source.Weights, new Dictionary<string, string> { ["format"] = "pt" });
                Ui.Line($"{source.Weights.Count} tensors without a detection head: pretrained backbone weights.");
                next = $"Next step: focalsharp train path/to/dataset --weights {target}";
            }
        }

        Ui.Success($"Written: {target}");
        Ui.Dim(next);
        return Task.FromResult(ExitCodes.Success);
    }

    // The importer rejects what is neither a detector nor a backbone, and says what is missing.
    private static bool IsDetector(Checkpoint source) =>
        CheckpointInspector.HasHead(source.Weights)
        || !(CheckpointInspector.IsBackbone(source.Weights)
            || source.Weights.Names.Any(name => name.EndsWith("conv1.weight", StringComparison.Ordinal) || name.EndsWith("conv1.0.weight", StringComparison.Ordinal)));

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

    private void WriteReport(Checkpoint source, ImportReport report)
    {
        WriteSource(source);
        Ui.Line($"{report.Loaded.Count} tensors loaded");
        WriteNames("tensors with another shape, initialized randomly", report.ReinitializedTensors.Select(tensor => tensor.ToString()));
        WriteNames("tensors missing in the file, initialized randomly", report.Missing);
        WriteNames("tensors of the file that the model does not have", report.Unexpected);
    }

    private void WriteSource(Checkpoint source)
    {
        if (source.WeightsKey.Length > 0)
        {
            Ui.Field("weights from", source.WeightsKey);
        }

        if (source.OtherWeightsKeys.Count > 0)
        {
            Ui.Field("also contains", string.Join(", ", source.OtherWeightsKeys));
        }

        foreach ((string key, string value) in source.Details)
        {
            Ui.Field(key, value);
        }

        WriteNames("other entries, ignored", source.Skipped);
        if (source.Ignored.Count > 0)
        {
            Ui.Dim($"Python classes that were not loaded: {string.Join(", ", source.Ignored)}");
        }
    }

    private void WriteNames(string what, IEnumerable<string> names)
    {
        string[] all = [.. names];
        if (all.Length > 0)
        {
            Ui.Warn($"{all.Length} {what}:");
            foreach (string name in all)
            {
                Ui.Note($"  {name}");
            }
        }
    }
}
