using System.CommandLine;
using System.CommandLine.Parsing;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Sharding;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Hashing;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp data check</c>: statistics, problems and recommended settings of a data set.</summary>
internal sealed class DataCheckCommand : CliCommand
{
    private readonly Argument<string> _data = new("PATH")
    {
        Description = "Folder or annotation file of the data set; the format is detected. Or 'demo'",
    };

    private readonly Option<string?> _recipe = new("--recipe")
    {
        HelpName = "NAME|FILE",
        Description = "Recipe to check the data set against: its input size, regMax, strides and batch size [default: gfl-lite]",
    };

    private readonly Option<int?> _size = SharedOptions.Size("Input size for training [default: the recipe's]");
    private readonly Option<int?> _regMax = NumberOption.Create("--reg-max", "N", "Largest bin of the box-side distributions [default: the recipe's]", 1, 64);
    private readonly Option<bool> _fast = new("--fast")
    {
        Description = "Do not decode images: damaged, blank and duplicate images are not found",
    };

    private readonly Option<int?> _maxMegapixels = SharedOptions.MaxMegapixels();
    private readonly ShardOption _shard = new();
    private readonly Option<string?> _patch = PatchOption.Create();
    private readonly Option<bool> _strict = new("--strict") { Description = "Exit with 1 on warnings too" };
    private readonly Option<bool> _all = new("--all") { Description = "List all examples of each problem" };
    private readonly Option<string?> _json = SharedOptions.Json("Write the report as JSON");

    public DataCheckCommand(ConsoleUi ui)
        : base(ui, "check", "Check a data set before training.")
    {
        Details = "Detects the format, reports every problem with a code and a fix (docs/data.md lists the codes), and recommends settings\n"
            + "as a 'focalsharp train' command.\n"
            + "Exit code: 0 without errors, 1 with errors, or with warnings under --strict.";
        Examples =
        [
            new("focalsharp data check path/to/dataset", "counts, sizes, class balance, problems, duplicates, leaks between splits"),
            new("focalsharp data check path/to/dataset --recipe gfl-r50-1x --strict", "against another recipe; warnings fail"),
            new("focalsharp data check annotations.json --size 640 --json report.json", "as JSON for scripts"),
            new("focalsharp data check path/to/dataset --shard 3/64 --parts /shared/parts", "decode part 3 of 64, for a job array; the last part to finish reports on all"),
        ];
        AddSymbols(_data, _recipe, _size, _regMax, _fast, _maxMegapixels, _shard.Option, _shard.Folder, _patch, _strict, _all, _json);
    }

    public override IEnumerable<string> Validate(CommandResult result)
    {
        if (result.GetValue(_fast) && result.GetValue(_shard.Option) is not null)
        {
            yield return "--fast and --shard exclude each other: without decoding there is nothing to share out.";
        }
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        JsonOutput output = new(parsed.GetValue(_json), Ui);
        string data = parsed.GetRequiredValue(_data);
        string? recipeName = parsed.GetValue(_recipe);
        bool demo = DataArgument.IsDemo(data);
        bool all = parsed.GetValue(_all);
        Recipe recipe = RecipeBook.Load(recipeName ?? (demo ? "gfl-demo" : RecipeSelector.Default));
        DatasetCheckOptions options = CreateOptions(recipe, parsed.GetValue(_size), parsed.GetValue(_regMax), all);
        DetectionDataset dataset = demo ? DataArgument.Open(data, output.Ui, cancellationToken) : DatasetReader.Read(data, new DatasetReadOptions { AllowWrongLayout = true });
        dataset = PatchOption.Apply(dataset, data, parsed.GetValue(_patch), output.Ui);
        cancellationToken.ThrowIfCancellationRequested();
        ImageDecodeOptions decoding = SharedOptions.GetDecodeOptions(parsed.GetValue(_maxMegapixels));
        IReadOnlyList<ImageFingerprint>? fingerprints = null;
        if (!parsed.GetValue(_fast))
        {
            WorkParts? parts = _shard.Open(parsed, parsed.GetRequiredValue(_shard.Folder), [.. dataset.Images.Select(image => image.Path)], []);
            fingerprints = parts is null ? ComputeFingerprints(dataset.Images, decoding, output.Ui, cancellationToken)
                : PartFile.Process(parts, dataset.Images.Count, output.Ui, () => new FingerprintPart(
                    ComputeFingerprints(parts.Shard.Take(dataset.Images), decoding, output.Ui, cancellationToken)))?.SelectMany(part => part.Images).ToArray();
            if (fingerprints is null)
            {
                return Task.FromResult(ExitCodes.Success);
            }
        }

        DatasetReport report = DatasetCheck.Run(dataset, options, fingerprints, cancellationToken);
        report = report with
        {
            RecommendedSettings = report.RecommendedSettings! with
            {
                Command = SuggestedCommands.FormatTrain(report.RecommendedSettings, recipe, data, recipeName)
                    + (parsed.GetValue(_patch) is { } patch ? $" --patch {CommandLine.Quote(patch)}" : ""),
            },
        };
        DataReportView.Write(output.Ui, report, all);
        output.Write(report.ToJson);
        LintSeverity worst = report.Findings.Select(finding => finding.Severity).DefaultIfEmpty().Max();
        bool failed = worst == LintSeverity.Error || (parsed.GetValue(_strict) && worst == LintSeverity.Warning);
        return Task.FromResult(failed ? ExitCodes.UserError : ExitCodes.Success);
    }

    private static IReadOnlyList<ImageFingerprint> ComputeFingerprints(
        IReadOnlyList<DatasetImage> images, ImageDecodeOptions decoding, ConsoleUi ui, CancellationToken cancellationToken) => ProgressReporter.Run(
            ui, "Decoding images", images.Count, progress => Fingerprinter.ComputeAll(images, (done, _) => progress.Report(done), decoding, cancellationToken));

    private static DatasetCheckOptions CreateOptions(Recipe recipe, int? inputSize, int? regMax, bool all)
    {
        DatasetCheckOptions options = RecipeCheck.CreateCheckOptions(recipe);
        options = inputSize is { } size ? options with { InputSize = size, Fit = options.Fit! with { LongSide = size, ShortSide = size } } : options;
        return options with { RegMax = regMax ?? options.RegMax, MaxExamples = all ? int.MaxValue : options.MaxExamples };
    }
}
