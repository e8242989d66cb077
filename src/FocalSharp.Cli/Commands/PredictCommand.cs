using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Prediction;
using FocalSharp.Cli.Sharding;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Files;
using FocalSharp.Detections;
using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Drawing;
using FocalSharp.IO;
using FocalSharp.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Runtime;
using FocalSharp.Torch.Native;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp predict</c>: detects objects in images; writes annotated images and one JSON file.</summary>
internal sealed class PredictCommand : CliCommand
{
    private readonly ModelArgument _model = new ModelArgument().AllowSeveral();
    private readonly Argument<string[]> _inputs = new("INPUTS")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Image files, folders of images, or glob patterns such as 'photos/**/*.jpg'",
    };

    private readonly Option<string?> _data = new("--data")
    {
        HelpName = "DATA",
        Description = "Data set of the images: COCO results carry its image and category ids; without INPUTS, all its images [default: the predicted folder if it is a data set]",
    };

    private readonly Option<string> _output = new("--out", "-o")
    {
        HelpName = "DIR",
        Description = "Folder for annotated images and predictions.json",
        DefaultValueFactory = _ => "predictions",
    };

    private readonly Option<string?> _json = SharedOptions.Json("Write the detections to this file instead of DIR/predictions.json");
    private readonly Option<string?> _format = ChoiceOption.Create(
        "--format",
        "JSON format: readable, with class names and an uncertainty in pixels for each edge; COCO results; or Label Studio tasks with predictions",
        "readable", "coco", "labelstudio");

    private readonly Option<double?> _threshold = SharedOptions.ScoreThreshold("Minimum score");
    private readonly PostprocessingArguments _boxes = new();
    private readonly Option<int?> _size = SharedOptions.Size("Input size [default: as trained]");
    private readonly Option<int?> _maxDetections = SharedOptions.MaxDetections("Maximum detections per image [default: the model's]");
    private readonly TilesOption _tiles = new();
    private readonly Option<int?> _maxMegapixels = SharedOptions.MaxMegapixels();
    private readonly Option<bool> _stretch = new("--stretch-range")
    {
        Description = "Stretch 16-bit images to black and white, for models that were trained so (recipe key input.stretchRange); models trained by FocalSharp say so themselves",
    };

    private readonly Option<bool> _noImages = new("--no-images") { Description = "Do not write annotated images" };
    private readonly ShardOption _shard = new();
    private readonly Option<string?> _precision = PrecisionOption.Create("float32");
    private readonly Option<string?> _device = SharedOptions.Device();
    private readonly Option<string?> _provider = SharedOptions.Provider();

    public PredictCommand(ConsoleUi ui)
        : base(ui, "predict", "Detect objects in images.")
    {
        Details = "Writes a copy of each image with its boxes, and one JSON file with all detections. Blurred box edges are uncertain.";
        Examples =
        [
            new("focalsharp predict runs/demo photo.jpg", "one image"),
            new("focalsharp predict model.onnx photo.jpg", "with an exported model"),
            new("focalsharp predict --weights nanodet-g-coco photo.jpg", "with a published model (download it with 'focalsharp models pull')"),
            new("focalsharp predict runs/demo photos 'more/*.png' --out found --threshold 0.5", "a folder and a glob pattern"),
            new("focalsharp predict best.safetensors photos --format coco --threshold 0.05 --no-images", "COCO results, for 'focalsharp eval --dt'"),
            new("focalsharp predict best.safetensors --data path/to/dataset --format coco --threshold 0.05 --no-images", "with the data set's own image and category ids"),
            new("focalsharp predict runs/demo photos --format labelstudio --no-images", "Label Studio tasks with predictions, to correct them there"),
            new("focalsharp predict runs/demo aerial.jpg --tiles --overlap 0.25", "small objects in a large image"),
            new("focalsharp predict --weights runs/a --weights runs/b photo.jpg", "two models as one detector, with their disagreement about each edge"),
            new("focalsharp predict runs/demo photos --no-images --shard 3/64", "part 3 of 64, for a job array; the last part to finish merges all"),
            new("focalsharp predict runs/demo photos --nms voting --flip", "slower, with more accurate boxes"),
        ];
        _format.DefaultValueFactory = _ => "readable";
        AddSymbols(
            _model.Model, _inputs, _model.Weights, _data, _output, _json, _format, _threshold, _boxes.Nms, _boxes.Rescore, _boxes.Flip, _boxes.Scales, _maxDetections, _size,
            _tiles.Tiles, _tiles.Overlap, _tiles.TilesOnly, _maxMegapixels, _stretch, _noImages, _shard.Option, _precision, _device, _provider);
    }

    public override IEnumerable<string> Validate(CommandResult result)
    {
        (string? model, IReadOnlyList<string> files) = _model.Split(result, result.GetValue(_inputs) ?? []);
        if (model is null || (files.Count == 0 && result.GetValue(_data) is null))
        {
            Argument missing = model is null ? _model.Model : _inputs;
            yield return $"{missing.Name} is missing: {missing.Description}.";
        }

        if (result.GetValue(_json) == "-" && result.GetValue(_shard.Option) is not null)
        {
            yield return "--json - and --shard exclude each other: parts are merged into a file.";
        }
    }

    // An unreadable image is reported and skipped; the exit code is then that of an error.
    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string folder = parsed.GetRequiredValue(_output);
        string? json = parsed.GetValue(_json);
        bool drawImages = !parsed.GetValue(_noImages);
        TileOptions? tiles = _tiles.GetOptions(parsed, parsed.GetValue(_maxDetections));
        (string? name, IReadOnlyList<string> words) = _model.Split(parsed.CommandResult, parsed.GetValue(_inputs) ?? []);
        bool isCoco = parsed.GetValue(_format) == "coco";
        bool isLabelStudio = parsed.GetValue(_format) == "labelstudio";
        DetectionDataset? dataset = OpenDataset(parsed.GetValue(_data), isCoco ? words : [], cancellationToken);
        List<string> skipped = [];
        IReadOnlyList<string> files = words.Count > 0 ? PredictInputs.Expand(words, skipped) : [.. dataset!.Images.Select(image => image.Path).Distinct()];
        if (skipped.Count > 0)
        {
            Ui.Note(PredictInputs.DescribeSkipped(skipped));
        }

        ImageDecodeOptions decoding = SharedOptions.GetDecodeOptions(parsed.GetValue(_maxMegapixels)) with { StretchRange = parsed.GetValue(_stretch) };
        IReadOnlyList<string>? targets = drawImages ? GetTargets(files, folder) : null;
        string file = ModelZoo.Resolve(name!); // before a folder is created
        string merged = json ?? Path.Combine(folder, "predictions.json");
        IReadOnlyList<string> all = files;
        WorkParts? parts = _shard.Open(parsed, Path.Combine(folder, "parts"), files, [file, .. _model.GetOthers(parsed).Select(other => ModelZoo.Resolve(other))]);
        if (parts is not null)
        {
            if (parts.IsFinished)
            {
                Ui.Note(parts.DescribeFinished());
                Merge(parts, merged);
                return Task.FromResult(ExitCodes.Success);
            }

            (files, targets) = (parts.Shard.Take(files), targets is null ? null : parts.Shard.Take(targets));
        }

        JsonOutput output = new(merged, Ui);
        if (drawImages || json is null)
        {
            DirectoryAccess.RequireWritable(folder);
        }

        // libtorch, the first image and the weights are loaded in parallel.
        using IDisposable native = LibTorch.Preload();
        using PredictPipeline pipeline = new(files, path => PredictInput.Load(path, decoding, drawImages));
        using IDetector detector = EnsembleLoader.Load([file, .. _model.GetOthers(parsed)], new DetectorLoadOptions
        {
            InputSize = parsed.GetValue(_size),
            Device = parsed.GetValue(_device),
            ExecutionProvider = parsed.GetValue(_provider),
            OnProviderFallback = Ui.Warn,
            Precision = PrecisionOption.Parse(parsed.GetValue(_precision), Precision.Float32),
            Decode = decoding,
            Detect = _boxes.Apply(parsed, new DetectOptions
            {
                ScoreThreshold = parsed.GetValue(_threshold),
                MaxDetections = parsed.GetValue(_maxDetections),
                Tiles = tiles,
            }),
        });
        double[]? classThresholds = parsed.GetValue(_threshold) is null ? detector.Model.GetClassThresholds() : null;
        double threshold = parsed.GetValue(_threshold) ?? classThresholds?.Min() ?? DetectOptions.DefaultScoreThreshold;
        CocoIds? ids = isCoco ? CocoIds.Create(all, detector.Classes, dataset, isRequired: parsed.GetValue(_data) is not null) : null;
        if (detector.Model.Resize.StretchRange && !decoding.StretchRange)
        {
            pipeline.Restart(path => PredictInput.Load(path, detector.Model.Resize.ApplyTo(decoding), drawImages));
        }

        List<PredictedImage> found = Detect(detector, pipeline, files, targets, skipsUnreadable: all.Count > 1, output.Ui, cancellationToken);
        if (parts is not null)
        {
            string lines = CreateJson().TrimEnd('\n') + "\n";
            parts.Save(stream => stream.Write(Encoding.UTF8.GetBytes(lines)));
            Merge(parts, merged);
        }
        else if (found.Count > 0)
        {
            output.Write(CreateJson);
        }

        if (found.Count > 0 && isLabelStudio && json != "-")
        {
            LabelStudioTasks.WriteConfig(merged, detector.Classes, output.Ui);
        }

        string CreateJson() => ids is not null ? PredictionJson.CreateCocoResults(found, ids)
            : isLabelStudio ? LabelStudioTasks.Create(found, detector.Classes)
            : PredictionJson.CreateReadable(found, detector.Classes, file, threshold, classThresholds);

        if (ids is not null)
        {
            ReportCoco(output.Ui, ids, parsed, threshold, detector.Model.Postprocess.ScoreThreshold);
        }

        if (targets is not null && found.Count > 0)
        {
            WriteNextSteps(output.Ui, found, folder, targets[files.ToList().IndexOf(found[0].File)], threshold);
        }

        return Task.FromResult(found.Count == files.Count ? ExitCodes.Success : ExitCodes.UserError);
    }

    private void Merge(WorkParts parts, string target)
    {
        if (parts.FindAll() is { } files)
        {
            PredictionMerge.Write(files, target);
            Ui.Line($"All parts are merged: {target}");
        }
        else
        {
            Ui.Line(parts.Describe());
        }
    }

    private DetectionDataset? OpenDataset(string? data, IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        if (data is not null)
        {
            return DataArgument.Open(data, Ui, cancellationToken);
        }

        // A folder of plain images is the usual case, and no problem.
        return words is [var folder] && Directory.Exists(folder) ? CocoIds.TryOpen(folder) : null;
    }

    private void ReportCoco(ConsoleUi ui, CocoIds ids, ParseResult parsed, double threshold, double modelThreshold)
    {
        foreach (string note in ids.Notes)
        {
            ui.Dim(note);
        }

        if (parsed.GetValue(_threshold) is null && modelThreshold < threshold)
        {
            ui.Dim(string.Create(
                CultureInfo.InvariantCulture,
                $"Only detections above {threshold} are written. AP needs lower scores too: --threshold {modelThreshold}, as 'eval' uses."));
        }
    }

    private List<PredictedImage> Detect(
        IDetector detector,
        PredictPipeline pipeline,
        IReadOnlyList<string> files,
        IReadOnlyList<string>? targets,
        bool skipsUnreadable,
        ConsoleUi ui,
        CancellationToken cancellationToken)
    {
        List<PredictedImage> found = [];
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < files.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                PredictInput image = pipeline.Next();
                Detection[] detections = [.. detector.Detect(image.Source, cancellationToken: cancellationToken)];
                found.Add(new PredictedImage(files[i], image.Size.Width, image.Size.Height, detections));
                ui.Line($"{files[i]}: {Summarize(detections, detector.Classes)}");
                if (ImageHeader.TryReadInfo(files[i]) is { PageCount: > 1 } header)
                {
                    ui.Dim($"  first of {header.PageCount} pages; save the others as files of their own to detect objects in them");
                }

                if (targets is not null && image.Canvas is { } canvas)
                {
                    string path = targets[i];
                    pipeline.Write(() => ImageEncoder.Save(DetectionRenderer.Draw(canvas, image.ScaleToCanvas(detections), detector.Classes), path));
                }
            }
            catch (FocalSharpException exception) when (skipsUnreadable)
            {
                Ui.Error(exception.Message);
            }
        }

        pipeline.Finish();
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        string speed = found.Count == 0 || found.Count >= seconds
            ? string.Create(CultureInfo.InvariantCulture, $"{found.Count / Math.Max(seconds, 1e-9):0.0} images/s")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / found.Count:0.0} s per image");
        ui.Dim($"{Quantity.Format(found.Count, "image")}, {Quantity.Format(found.Sum(image => image.Detections.Count), "detection")}, {speed}");
        return found;
    }

    private static void WriteNextSteps(ConsoleUi ui, List<PredictedImage> found, string folder, string first, double threshold)
    {
        bool nothing = found.All(image => image.Detections.Count == 0);
        double next = Math.Round(nothing ? threshold / 2 : 0.5 + (threshold / 2), 3);
        ui.Success(found.Count == 1 ? $"Annotated image: {first}" : $"Annotated images: {Path.GetFullPath(folder)}");
        ui.Line();
        ui.Line("Next steps:");
        ui.Line($"  {ImageViewerHint.GetOpenCommand(first)}      open the image: blurred edges are uncertain");
        ui.Line(string.Create(CultureInfo.InvariantCulture, $"  --threshold {next}      {(nothing ? "show detections with lower scores" : "show only detections with higher scores")}"));
    }

    // JPEG for lossy inputs, PNG for others; equal names from several folders are numbered.
    private static string[] GetTargets(IReadOnlyList<string> files, string folder)
    {
        HashSet<string> inputs = [.. files.Select(Path.GetFullPath)];
        HashSet<string> used = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, int> numbers = new(StringComparer.OrdinalIgnoreCase); // the last number of each name: many images may have the same one
        return [.. files.Select(file =>
        {
            string extension = Path.GetExtension(file).ToLowerInvariant() is ".png" or ".bmp" or ".gif" or ".tif" or ".tiff" ? ".png" : ".jpg";
            string stem = Path.GetFileNameWithoutExtension(file);
            string name;
            do
            {
                int number = numbers[stem + extension] = numbers.GetValueOrDefault(stem + extension) + 1;
                name = (number == 1 ? stem : $"{stem}-{number}") + extension;
            }
            while (!used.Add(name));
            string path = Path.GetFullPath(Path.Combine(folder, name));
            return inputs.Contains(path)
                ? throw new FileException($"{path}: an input would be overwritten by its annotated copy. Choose another folder with --out.")
                : path;
        })];
    }

    private static string Summarize(Detection[] detections, IReadOnlyList<string> classes) => detections.Length == 0
        ? "no detections"
        : string.Join(", ", detections.GroupBy(detection => detection.Label).OrderByDescending(group => group.Count())
            .Select(group => $"{group.Count()} {classes[group.Key]}"));
}
