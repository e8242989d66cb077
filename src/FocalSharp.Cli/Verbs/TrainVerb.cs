using System.CommandLine;
using System.Globalization;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary><c>focalsharp train</c></summary>
internal static class TrainVerb
{
    public static Verb Create(ConsoleUi ui)
    {
        Argument<string?> data = new("DATA")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "Folder or annotation file of a data set (COCO JSON, Pascal VOC, YOLO), or 'demo' for drawn scenes",
        };
        Option<string?> recipe = new("--recipe")
        {
            HelpName = "NAME|FILE",
            Description = "Recipe: a built-in name or a YAML file [default: by the weights, else gfl-lite]",
        };
        Option<string?> output = new("--out", "-o")
        {
            HelpName = "DIR",
            Description = "Folder of the run [default: the next free runs/NAME]",
        };
        Option<string?> weights = new("--weights", "-w")
        {
            HelpName = "MODEL",
            Description = $"Weights to start from: {WeightsOption.HelpText}; without them training starts from scratch",
        };
        Option<int?> epochs = new("--epochs") { HelpName = "N", Description = "Passes over the training images" };
        Option<int?> size = new("--size") { HelpName = "PIXELS", Description = "Side of the network's input, a multiple of 32" };
        Option<string?> batch = BatchOption();
        Option<string?> time = TimeOption();
        Option<int?> patience = new("--patience") { HelpName = "N", Description = "End early after so many judgements without a better AP" };
        Option<string?> resume = new("--resume")
        {
            HelpName = "RUN",
            Arity = ArgumentArity.ZeroOrOne,
            Description = "Go on with a run that was ended or killed, exactly as if it never had been [without a name: the newest under runs/]",
        };
        Option<int?> seed = new("--seed") { HelpName = "N", Description = "Seed of everything random: same seed, same result" };
        Option<string?> precision = ComputeOptions.Precision("auto");
        Option<string?> device = ComputeOptions.Device();
        Option<int?> workers = new("--workers") { HelpName = "N", Description = "Threads that prepare batches; they change no result" };
        Option<string?> onBadStep = ChoiceOption.Create("--on-fault", "When a loss explodes or is NaN: pass over the step, or end the run", "skip", "stop");
        Option<bool> profile = new("--profile") { Description = "Say at the end where the time went, stage by stage" };
        Option<string[]> set = new("--set")
        {
            HelpName = "KEY=VALUE",
            Description = "Override any key of the recipe; may be repeated",
        };

        Verb verb = new(
            "train",
            "Train a detector on labelled images.",
            "Everything the run makes (weights, curves, pictures, report.html) lands in one folder. Ctrl-C ends it cleanly; what was "
            + "ended, or killed at any moment, goes on with --resume and ends with the same weights.",
            new Example("focalsharp train demo", "drawn scenes, no download: watch a detector learn in minutes"),
            new Example("focalsharp train path/to/dataset", "your own images, default recipe"),
            new Example("focalsharp train path/to/dataset --weights nanodet-g-coco", "from a published model: fewer images, better and sooner"),
            new Example("focalsharp train path/to/dataset --epochs 60 --size 416 --seed 1", "longer and larger"),
            new Example("focalsharp train path/to/dataset --time 20m", "as good as 20 minutes allow"),
            new Example("focalsharp train --resume runs/dataset", "go on after Ctrl-C, a crash or a power cut"),
            new Example("focalsharp train path/to/dataset --set optimizer.learningRate=0.0005", "override one key of the recipe"))
        { data, recipe, output, weights, resume, epochs, time, patience, size, batch, seed, precision, device, workers, onBadStep, profile, set };

        verb.Validators.Add(result =>
        {
            if (result.GetValue(data) is null && result.GetResult(resume) is null)
            {
                result.AddError($"DATA is missing: {data.Description}.");
            }
        });
        verb.SetAction((parsed, cancellationToken) => TrainCommand.RunAsync(
            new TrainRequest
            {
                Data = parsed.GetValue(data),
                IsResume = parsed.GetResult(resume) is not null,
                Resume = parsed.GetValue(resume),
                Recipe = parsed.GetValue(recipe),
                Out = parsed.GetValue(output),
                Weights = parsed.GetValue(weights),
                Epochs = parsed.GetValue(epochs),
                Size = parsed.GetValue(size),
                Batch = parsed.GetValue(batch),
                Minutes = parsed.GetValue(time) is { } duration && Duration.TryParse(duration, out TimeSpan span) ? span.TotalMinutes : null,
                Patience = parsed.GetValue(patience),
                Workers = parsed.GetValue(workers),
                OnBadStep = parsed.GetValue(onBadStep),
                Seed = parsed.GetValue(seed),
                Precision = parsed.GetValue(precision),
                Device = parsed.GetValue(device),
                Profile = parsed.GetValue(profile),
                Set = parsed.GetValue(set) ?? [],
                CommandLine = CommandLine.Format(parsed),
            },
            ui,
            cancellationToken));
        return verb;
    }

    private static Option<string?> BatchOption()
    {
        Option<string?> option = new("--batch")
        {
            HelpName = "N|auto",
            Description = "Images per step; auto keeps the recipe's, in parts that fit into memory",
        };
        option.Validators.Add(result =>
        {
            foreach (string given in result.Tokens.Select(token => token.Value)
                .Where(given => given != "auto" && !int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            {
                result.AddError($"--batch takes a whole number or auto, not '{given}'.");
            }
        });
        return option;
    }

    private static Option<string?> TimeOption()
    {
        Option<string?> option = new("--time")
        {
            HelpName = "DURATION",
            Description = "Time the whole run may take (90s, 20m, 1h30m): the schedule is fitted to it",
        };
        option.Validators.Add(result =>
        {
            foreach (string given in result.Tokens.Select(token => token.Value).Where(given => !Duration.TryParse(given, out _)))
            {
                result.AddError($"--time takes a duration with its unit, as 90s, 20m, 1h30m, not '{given}'.");
            }
        });
        return option;
    }
}
