using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Prediction;
using FocalSharp.Cli.Sharding;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.IO;
using FocalSharp.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Runtime;
using FocalSharp.Torch.Native;
using Spectre.Console;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp select</c>: chooses the unlabeled images that are worth labeling next.</summary>
internal sealed class SelectCommand : CliCommand
{
    private const int DefaultBudget = 50;
    private const int MaxShown = 20;

    private readonly ModelArgument _model = new ModelArgument().AllowSeveral();
    private readonly Argument<string[]> _inputs = new("IMAGES")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Image files, folders of images, or glob patterns such as 'photos/**/*.jpg'",
    };

    private readonly Option<int> _budget = NumberOption.Create("--budget", "N", "How many images to select", 1, 100_000, DefaultBudget);
    private readonly Option<string> _output = new("--out", "-o")
    {
        HelpName = "DIR",
        Description = "Folder for the list (selected.txt, selected.json), the contact sheets and the pre-annotations",
        DefaultValueFactory = _ => "selected",
    };

    private readonly Option<string?> _to = ChoiceOption.Create(
        "--to", "Format of the pre-annotations, the detections to correct [default: coco]",
        [.. DatasetFormats.All.Where(format => !format.IsReadOnly).Select(format => format.Name).Order(StringComparer.Ordinal)]);

    private readonly Option<double?> _threshold = SharedOptions.ScoreThreshold("Minimum score of pre-annotations");
    private readonly Option<bool> _copyImages = new("--copy-images") { Description = "Copy the selected images beside the pre-annotations" };
    private readonly ShardOption _shard = new();
    private readonly Option<int?> _maxMegapixels = SharedOptions.MaxMegapixels();
    private readonly Option<string?> _device = SharedOptions.Device();
    private readonly Option<string?> _provider = SharedOptions.Provider();

    public SelectCommand(ConsoleUi ui)
        : base(ui, "select", "Select the images that are worth labeling next.")
    {
        Details = "Ranks unlabeled images by uncertain scores, uncertain edges, disagreement between the image and its mirror image (or between models) and rare classes,\n"
            + "and selects images that differ from each other, so that frames of one scene are not selected twice.";
        Examples =
        [
            new("focalsharp select runs/blood unlabeled --budget 50", "a list, contact sheets and COCO pre-annotations in 'selected'"),
            new("focalsharp select runs/blood 'frames/**/*.jpg' --to labelstudio --copy-images --out next", "tasks for Label Studio"),
            new("focalsharp select runs/blood unlabeled --shard 3/64 --out /shared/next", "run the model on part 3 of 64, for a job array; the last part to finish selects"),
            new("focalsharp select --weights runs/a --weights runs/b unlabeled", "by the disagreement of two models"),
        ];
        AddSymbols(_model.Model, _inputs, _model.Weights, _budget, _output, _to, _threshold, _copyImages, _shard.Option, _maxMegapixels, _device, _provider);
    }

    public override IEnumerable<string> Validate(CommandResult result)
    {
        (string? model, IReadOnlyList<string> files) = _model.Split(result, result.GetValue(_inputs) ?? []);
        if (model is null || files.Count == 0)
        {
            Argument missing = model is null ? _model.Model : _inputs;
            yield return $"{missing.Name} is missing: {missing.Description}.";
        }
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        (string? name, IReadOnlyList<string> words) = _model.Split(parsed.CommandResult, parsed.GetValue(_inputs) ?? []);
        IReadOnlyList<string> files = PredictInputs.Expand(words, []);
        string folder = parsed.GetRequiredValue(_output);
        string file = ModelZoo.Resolve(name!);
        IReadOnlyList<string> others = _model.GetOthers(parsed);
        string preannotations = Path.Combine(folder, "preannotations");
        WorkParts? parts = _shard.Open(parsed, Path.Combine(folder, "parts"), files, [file, .. others.Select(other => ModelZoo.Resolve(other))]);
        if (HasFiles(preannotations))
        {
            if (parts is { IsFinished: true })
            {
                Ui.Note($"{parts.DescribeFinished().TrimEnd('.')}, and the images are selected: {Path.Combine(folder, SelectionFiles.ListName)}");
                return Task.FromResult(ExitCodes.Success);
            }

            throw new FileException($"{preannotations}: the folder is not empty, and old labels would mix with new ones. Choose another folder with --out.") { Path = preannotations };
        }

        DirectoryAccess.RequireWritable(folder);
        using IDisposable native = LibTorch.Preload();
        using IDetector detector = EnsembleLoader.Load([file, .. others], new DetectorLoadOptions
        {
            Device = parsed.GetValue(_device),
            ExecutionProvider = parsed.GetValue(_provider),
            OnProviderFallback = Ui.Warn,
            Decode = SharedOptions.GetDecodeOptions(parsed.GetValue(_maxMegapixels)),
            Detect = new DetectOptions { FlipTest = others.Count == 0 },
        });
        IEnumerable<DetectionPart>? detected = parts is null ? [Detect(files)] : PartFile.Process(parts, files.Count, Ui, () => Detect(parts.Shard.Take(files)));
        if (detected is null)
        {
            return Task.FromResult(ExitCodes.Success);
        }

        using IDisposable? merging = parts?.TryLock();
        if (parts is not null && (merging is null || HasFiles(preannotations)))
        {
            Ui.Note("All parts are finished, and another process selects the images.");
            return Task.FromResult(ExitCodes.Success);
        }

        ImagePool pool = ImagePool.Create(files, detected, Ui);
        IReadOnlyList<SelectedImage> selected = pool.Select(parsed.GetValue(_budget));
        Write(selected, pool.Images.Count);
        double[]? classThresholds = parsed.GetValue(_threshold) is null ? detector.Model.GetClassThresholds() : null;
        double Threshold(int label) => classThresholds?[label] ?? parsed.GetValue(_threshold) ?? DetectOptions.DefaultScoreThreshold;
        SelectionFiles.Write(folder, selected, pool.Images.Count, detector.Classes, Threshold);
        DatasetWriteReport written = DatasetWriter.Write(
            SelectionFiles.ToDataset(selected, detector.Classes, Threshold),
            DatasetFormats.Get(parsed.GetValue(_to) ?? DatasetFormats.Coco.Name),
            preannotations,
            new DatasetWriteOptions { CopyImages = parsed.GetValue(_copyImages) });
        Ui.Success($"{selected.Count} of {Quantity.Format(pool.Images.Count, "image")}: {Path.Combine(folder, SelectionFiles.ListName)}");
        Ui.Dim($"Why: {Path.Combine(folder, SelectionFiles.GetSheetName(0))}; pre-annotations: {written.EntryPoint} ({Quantity.Format(written.Objects, "box")} to correct)");
        return Task.FromResult(pool.FailedCount == 0 ? ExitCodes.Success : ExitCodes.UserError);

        DetectionPart Detect(IReadOnlyList<string> own) =>
            ImagePool.Detect(detector, own, SharedOptions.GetDecodeOptions(parsed.GetValue(_maxMegapixels)), Ui, cancellationToken);
    }

    private static bool HasFiles(string folder) => Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any();

    private void Write(IReadOnlyList<SelectedImage> selected, int count)
    {
        Table table = Tables.Create(Ui, ">#", "image", ">worth", "highest in", ">distance");
        foreach ((SelectedImage one, int rank) in selected.Take(MaxShown).Select((one, i) => (one, i + 1)))
        {
            table.Row(
                $"{rank}", one.Image.File, one.Worth.ToString("F2", CultureInfo.InvariantCulture), one.GetReason(count),
                double.IsFinite(one.Distance) ? one.Distance.ToString("F2", CultureInfo.InvariantCulture) : "");
        }

        Ui.Write(table);
        if (selected.Count > MaxShown)
        {
            Ui.Dim($"and {selected.Count - MaxShown} more");
        }
    }
}
