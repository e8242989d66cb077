using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Models;
using FocalSharp.Training.Distributed;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp train</c>: trains a detector, or resumes an interrupted run.</summary>
internal sealed class TrainCommand : CliCommand
{
    private readonly Argument<string?> _data = new("DATA")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Folder, annotation file or ZIP file of a data set (COCO, Pascal VOC, YOLO or the export of a labeling tool; the format is detected), or 'demo' for generated scenes",
    };

    private readonly Option<string?> _recipe = new("--recipe")
    {
        HelpName = "NAME|FILE",
        Description = "Built-in recipe or YAML file [default: the one that suits --weights, else gfl-lite]",
    };

    private readonly Option<string?> _output = new("--out", "-o")
    {
        HelpName = "DIR",
        Description = "Folder of the run [default: the next free runs/NAME]",
    };

    private readonly Option<string?> _weights = new("--weights", "-w")
    {
        HelpName = "MODEL",
        Description = "Pretrained weights: a weights file, a run folder, or the name of a published model (see 'focalsharp models') [default: train from scratch]",
    };

    private readonly Option<string?> _teacher = new("--teacher")
    {
        HelpName = "MODEL",
        Description = "Larger model to learn from (distillation): weights, a run folder, an ONNX file with raw outputs, or the name of a published model",
    };

    private readonly Option<string?> _unlabeled = new("--unlabelled")
    {
        HelpName = "DIR",
        Description = "Folder of images without labels; what --teacher finds in them is trained on too",
    };

    private readonly Option<string?> _resume = new("--resume")
    {
        HelpName = "RUN",
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Resume an interrupted run; the result is the same as if it had not been interrupted [without a value: the newest run under runs/]",
    };

    private readonly Option<int?> _epochs = NumberOption.Create("--epochs", "N", "Number of epochs [default: the recipe's]", 1, 1_000_000);
    private readonly Option<string?> _time = DurationOption.Create("--time", "Time limit of the whole run (90s, 20m, 1h30m); the schedule is rescaled to fit");
    private readonly Option<int?> _patience = NumberOption.Create("--patience", "N", "Stop after N evaluations without a better AP", 1, 1_000_000);
    private readonly Option<int?> _size = SharedOptions.Size("Input size, a multiple of 32 [default: the recipe's]");
    private readonly Option<string?> _batch = CreateBatchOption();
    private readonly Option<int?> _seed = NumberOption.Create("--seed", "N", "Random seed; the same seed gives the same result", 0, int.MaxValue);
    private readonly Option<string?> _precision = PrecisionOption.Create("auto");
    private readonly Option<string?> _device = SharedOptions.Device();
    private readonly Option<int?> _workers = NumberOption.Create("--workers", "N", "Threads that load and augment images; the result does not depend on them", 1, 64);
    private readonly Option<int?> _threads = NumberOption.Create(
        "--threads", "N", "Threads of the network; the same number gives the same result [default: all cores, fewer while other processes use them]", 1, 1024);

    private readonly Option<string?> _patch = PatchOption.Create();
    private readonly Option<string?> _rankTimeout = DurationOption.Create(
        "--rank-timeout", "How long a rank may keep the others waiting, under mpirun, before all end with a message that names it [default: 10m]");

    private readonly Option<string?> _gradientPrecision = PrecisionOption.CreateForGradients();

    private readonly Option<string?> _onBadStep = ChoiceOption.Create(
        "--on-bad-step", "What to do if the loss of a step is NaN or explodes: skip the step, or stop training [default: skip]", "skip", "stop");

    private readonly Option<string?> _onBadImage = SharedOptions.OnBadImage("training");

    private readonly Option<int?> _maxMegapixels = SharedOptions.MaxMegapixels();

    private readonly Option<bool> _noTune = new("--no-tune") { Description = "Use the recipe as it is, without measuring settings on held-out training images first" };
    private readonly Option<bool> _watch = new("--watch") { Description = "Show curves, images and the time left on a local page while training runs" };
    private readonly Option<bool> _profile = new("--profile") { Description = "Print where the time went, by phase of a step" };
    private readonly Option<string[]> _set = new("--set")
    {
        HelpName = "KEY=VALUE",
        Description = "Override a key of the recipe; may be repeated",
    };

    public TrainCommand(ConsoleUi ui)
        : base(ui, "train", "Train a detector on labeled images.")
    {
        Details = "The run folder receives weights, metrics.csv, images and report.html. Ctrl-C stops training cleanly: the current weights are\n"
            + "evaluated and saved. Resume an interrupted or killed run with --resume. Started by mpirun or srun, all ranks train together:\n"
            + "--batch is the number of images of all ranks per step, and only rank 0 writes.";
        Examples =
        [
            new("focalsharp train demo", "train on generated scenes: no download, a few minutes"),
            new("focalsharp train path/to/dataset", "train on your own images with the default recipe"),
            new("focalsharp train path/to/dataset --weights nanodet-g-coco", "fine-tune a published model: needs fewer images and less time"),
            new("focalsharp train path/to/dataset --weights nanodet-g-coco --no-tune", "the same without measuring settings on your data first"),
            new("focalsharp train path/to/dataset --weights nanodet-g-coco --teacher runs/large", "learn from a larger model that was trained on the same classes"),
            new("focalsharp train path/to/dataset --epochs 60 --size 416 --seed 1", "more epochs at a larger input size"),
            new("focalsharp train path/to/dataset --time 20m", "fit the learning rate schedule to 20 minutes"),
            new("focalsharp train path/to/dataset --watch", "follow the training in a browser"),
            new("focalsharp train --resume runs/dataset", "resume after Ctrl-C, a crash or a power cut"),
            new("mpirun -n 4 focalsharp train path/to/dataset", "train on four ranks (MPICH or Open MPI), on one machine or several"),
            new("focalsharp train path/to/dataset --set optimizer.learningRate=0.0005", "override one key of the recipe"),
        ];
        AddSymbols(
            _data, _recipe, _output, _weights, _teacher, _unlabeled, _resume, _epochs, _time, _patience, _size, _batch, _seed, _precision, _device,
            _workers, _threads, _rankTimeout, _gradientPrecision, _patch, _onBadStep, _onBadImage, _maxMegapixels, _noTune, _watch, _profile, _set);
    }

    public override IEnumerable<string> Validate(CommandResult result)
    {
        if (result.GetValue(_data) is null && result.GetResult(_resume) is null)
        {
            yield return $"DATA is missing: {_data.Description}.";
        }
        else if (result.GetResult(_resume) is not null && result.GetValue(_output) is not null)
        {
            yield return "--out and --resume exclude each other: a resumed run stays in its folder.";
        }
        else if (result.GetResult(_resume) is not null && result.GetValue(_patch) is not null)
        {
            yield return "--patch and --resume exclude each other: a resumed run uses the labels that it started with.";
        }

        if (result.GetValue(_unlabeled) is not null && result.GetValue(_teacher) is null && result.GetResult(_resume) is null)
        {
            yield return "--unlabelled needs --teacher, the model that labels the images.";
        }
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using ICollective ranks = Collective.FromEnvironment(
            parsed.GetValue(_rankTimeout) is { } time && Duration.TryParse(time, out TimeSpan timeout) ? timeout : null);
        TrainingRequest request = parsed.GetResult(_resume) is null ? CreateRequest(parsed, ranks, cancellationToken) : CreateResumeRequest(parsed, ranks, cancellationToken);
        request = request with { Ranks = ranks, SuggestCommand = SuggestedCommands.FormatPredict, LinkImages = SuggestedCommands.LinkImages };
        if (ranks.Rank > 0)
        {
            return Task.FromResult(RunQuietly(request, cancellationToken));
        }

        using TrainingWatch? watch = parsed.GetValue(_watch) ? TrainingWatch.Start(Ui, cancellationToken) : null;
        request = request with { OnEvaluated = watch is null ? null : watch.Feed.ReportEvaluation };
        TrainingResult result = TrainingDisplay.Show(Ui, monitor => TrainingRun.Run(request, watch?.Follow(monitor) ?? monitor, cancellationToken));
        TrainingResultView.Write(Ui, result, request.DataName);
        if (parsed.GetValue(_profile) && result.Result?.Phases is { } phases)
        {
            ProfileView.Write(Ui, phases);
            ProfileView.Write(Ui, result.Result.Ranks);
        }

        return Task.FromResult(ExitCodes.Success);
    }

    // Rank 0 reports what all ranks do, and what ends them all. mpirun would end rank 0 at once if another rank failed before it.
    private int RunQuietly(TrainingRequest request, CancellationToken cancellationToken)
    {
        try
        {
            _ = TrainingRun.Run(request, new LineMonitor(Ui), cancellationToken);
        }
        catch (FocalSharpException exception) when (CollectiveExtensions.IsOfAllRanks(exception))
        {
        }

        return ExitCodes.Success;
    }

    private TrainingRequest CreateRequest(ParseResult parsed, ICollective ranks, CancellationToken cancellationToken)
    {
        string data = parsed.GetValue(_data)!;
        TrainingRequest request = new()
        {
            Data = data,
            Recipe = ApplyOverrides(RecipeChoice.Select(parsed.GetValue(_recipe), parsed.GetValue(_weights), data), parsed),
            LabelPatch = parsed.GetValue(_patch),
            OutputFolder = parsed.GetValue(_output),
            Weights = parsed.GetValue(_weights),
            Teacher = parsed.GetValue(_teacher),
            Unlabeled = parsed.GetValue(_unlabeled),
            CommandLine = CommandLine.Format(parsed),
            Options = ApplyOverrides(new TrainerOptions(), parsed),
        };
        if (request.LabelPatch is null && ranks.Rank == 0)
        {
            PatchOption.Announce(data, Ui);
        }

        return data == DataArgument.Demo ? WithDemo(request, DataArgument.DemoFolder, ranks, cancellationToken) : request;
    }

    private TrainingRequest WithDemo(TrainingRequest request, string folder, ICollective ranks, CancellationToken cancellationToken)
    {
        if (ranks.Size > 1)
        {
            _ = ranks.RunOnFirst(() => $"{DataArgument.OpenDemo(folder, Ui, cancellationToken).Images.Count}", count => count, count => count);
        }

        return request with
        {
            Data = folder,
            DataArgument = DataArgument.Demo,
            Dataset = DataArgument.OpenDemo(folder, Ui, cancellationToken),
        };
    }

    // The run's own request. The run checks that what else is typed agrees with it.
    private TrainingRequest CreateResumeRequest(ParseResult parsed, ICollective ranks, CancellationToken cancellationToken)
    {
        RunFolder folder = RunFolder.FindToResume(parsed.GetValue(_resume));
        TrainingRequest stored = RunManifest.Read(folder).ToRequest(folder);
        string? data = parsed.GetValue(_data);
        TrainingRequest request = stored with
        {
            Data = data ?? stored.Data,
            DataArgument = data ?? stored.DataArgument,
            Recipe = ApplyOverrides(parsed.GetValue(_recipe) is { } recipe ? RecipeBook.Load(recipe) : stored.Recipe, parsed),
            Weights = parsed.GetValue(_weights) is { } weights ? RunManifest.ResolveWeightsPath(weights) : stored.Weights,
            Teacher = parsed.GetValue(_teacher) is { } teacher ? RunManifest.ResolveWeightsPath(teacher) : stored.Teacher,
            Unlabeled = parsed.GetValue(_unlabeled) is { } unlabeled ? Path.GetFullPath(unlabeled) : stored.Unlabeled,
            Options = ApplyOverrides(stored.Options, parsed),
        };
        return request.DataArgument == DataArgument.Demo && stored.Data is { } scenes ? WithDemo(request, scenes, ranks, cancellationToken) : request;
    }

    private TrainerOptions ApplyOverrides(TrainerOptions options, ParseResult parsed) => options with
    {
        Seed = parsed.GetValue(_seed) ?? options.Seed,
        Device = parsed.GetValue(_device) ?? options.Device,
        Precision = PrecisionOption.Parse(parsed.GetValue(_precision), options.Precision),
        LoaderWorkers = parsed.GetValue(_workers) ?? options.LoaderWorkers,
        Threads = parsed.GetValue(_threads) ?? options.Threads,
        AdaptThreads = parsed.GetValue(_threads) is null && options.Threads == 0,
    };

    private Recipe ApplyOverrides(Recipe recipe, ParseResult parsed)
    {
        string? batch = parsed.GetValue(_batch);
        recipe = recipe with
        {
            Epochs = parsed.GetValue(_epochs) ?? recipe.Epochs,
            BatchSize = int.TryParse(batch, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : recipe.BatchSize,
            AutoBatch = recipe.AutoBatch || batch == "auto",
            Minutes = parsed.GetValue(_time) is { } time && Duration.TryParse(time, out TimeSpan duration) ? duration.TotalMinutes : recipe.Minutes,
            GradientPrecision = PrecisionOption.Parse(parsed.GetValue(_gradientPrecision), recipe.GradientPrecision),
            Patience = parsed.GetValue(_patience) ?? recipe.Patience,
            Input = parsed.GetValue(_size) is { } side ? recipe.Input.WithSize(side) : recipe.Input,
            LossGuard = parsed.GetValue(_onBadStep) is { } action
                ? recipe.LossGuard with { OnBadStep = action == "stop" ? FailureAction.Stop : FailureAction.Skip }
                : recipe.LossGuard,
            OnBadImage = SharedOptions.ParseOnBadImage(parsed.GetValue(_onBadImage), recipe.OnBadImage),
            MaxMegapixels = parsed.GetValue(_maxMegapixels) ?? recipe.MaxMegapixels,
        };
        string[] set = parsed.GetValue(_set) ?? [];
        return set.Aggregate(WithoutTuningOf(set, parsed, recipe), RecipeBook.Set).Validate();
    }

    /// <summary>What was typed is not tuned.</summary>
    private Recipe WithoutTuningOf(string[] set, ParseResult parsed, Recipe recipe)
    {
        TuningOptions tuning = (parsed.GetValue(_noTune) ? recipe.WithoutTuning() : recipe).Tuning;
        if (parsed.GetValue(_size) is not null || IsSet("input."))
        {
            tuning = tuning with { Sizes = [] };
        }

        if (IsSet("optimizer."))
        {
            tuning = tuning with { LearningRateFactors = [], BackboneFactors = [] };
        }

        return recipe with { Tuning = tuning };

        bool IsSet(string group) => set.Any(assignment => assignment.TrimStart().StartsWith(group, StringComparison.OrdinalIgnoreCase));
    }

    private static Option<string?> CreateBatchOption()
    {
        Option<string?> option = new("--batch")
        {
            HelpName = "N|auto",
            Description = "Images per step; auto keeps the recipe's batch size and splits it into parts that fit in memory [default: the recipe's]",
        };
        option.Validators.Add(result =>
        {
            foreach (string given in result.Tokens.Select(token => token.Value)
                .Where(given => given != "auto" && (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int size) || size < 1)))
            {
                result.AddError($"--batch takes a whole number of at least 1, or auto, not '{given}'.");
            }
        });
        return option;
    }
}
