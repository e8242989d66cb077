using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Tuning.Search;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp tune</c>: searches the settings of a training within a time.</summary>
internal sealed class TuneCommand : CliCommand
{
    private readonly Argument<string> _data = new("DATA") { Description = "Folder or annotation file of a data set, or 'demo' for generated scenes" };

    private readonly Option<string?> _weights = new("--weights", "-w")
    {
        HelpName = "MODEL",
        Description = "Pretrained weights, as for 'train' [default: train from scratch]",
    };

    private readonly Option<string?> _recipe = new("--recipe")
    {
        HelpName = "NAME|FILE",
        Description = "The recipe to improve [default: the one that suits --weights, else gfl-lite]",
    };

    private readonly Option<string[]> _search = new("--search")
    {
        HelpName = "KEY=VALUES",
        Description = "A recipe key with the values to try: MIN..MAX, MIN..MAX:log or A|B|C; may be repeated; 'input' is the input size [default: learning rates, weight decay, augmentation and input size]",
    };

    private readonly Option<string[]> _set = new("--set") { HelpName = "KEY=VALUE", Description = "Override a key of the recipe; may be repeated" };
    private readonly Option<string?> _time = DurationOption.Create("--time", "Time of the search [default: 1h]");
    private readonly Option<int?> _seed = NumberOption.Create("--seed", "N", "Random seed", 0, int.MaxValue);
    private readonly Option<string?> _output = new("--out", "-o") { HelpName = "DIR", Description = "Folder of the results [default: the next free runs/tune-NAME]" };

    public TuneCommand(ConsoleUi ui)
        : base(ui, "tune", "Search the settings of a training on your data.")
    {
        Details = "Trains random sets of values for a short time on a part of the training images, evaluates them on the held-out rest, and continues\n"
            + "with the best third (successive halving). The evaluation split is not used. Ctrl-C ends the search with the best values so far.\n"
            + "Files: best.yaml (a recipe for 'train'), search.json (all trials), report.html (parallel coordinates, importance).";
        Examples =
        [
            new("focalsharp tune path/to/dataset --weights nanodet-g-coco --time 1h", "an hour over the default keys"),
            new("focalsharp tune path/to/dataset -w nanodet-g-coco --search optimizer.learningRate=0.0001..0.01:log --search \"input=416|640\"", "only these keys"),
            new("focalsharp train path/to/dataset -w nanodet-g-coco --recipe runs/tune-dataset/best.yaml", "train with the result"),
        ];
        AddSymbols(_data, _weights, _recipe, _search, _time, _seed, _output, _set);
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string data = parsed.GetRequiredValue(_data);
        string? weights = parsed.GetValue(_weights);
        Recipe recipe = (parsed.GetValue(_set) ?? []).Aggregate(RecipeChoice.Select(parsed.GetValue(_recipe), weights, data), RecipeBook.Set).Validate();
        SearchParameter[] parameters = [.. (parsed.GetValue(_search) ?? []).Select(SearchParameter.Parse)];
        using IDisposable native = LibTorch.Preload();
        DetectionDataset dataset = DataArgument.Open(data, Ui, cancellationToken);
        recipe = recipe with { Model = recipe.Model with { Classes = dataset.Classes } };
        SearchRequest request = new()
        {
            Recipe = recipe,
            Training = TrainingFilter.Apply(TrainEvalSplit.Create(dataset).Train, new TrainingFilterOptions { FilterEmpty = recipe.DropEmptyImages, MinSize = recipe.MinImageSize }),
            Weights = weights is null ? null : ModelZoo.Resolve(weights),
            Parameters = parameters.Length > 0 ? parameters : SearchParameter.Defaults,
            Time = parsed.GetValue(_time) is { } time && Duration.TryParse(time, out TimeSpan duration) ? duration : TimeSpan.FromHours(1),
            Options = new TrainerOptions { Seed = parsed.GetValue(_seed) ?? 0, AdaptThreads = true },
        };
        LibTorch.EnsureLoaded();
        string folder = CreateFolder(parsed.GetValue(_output), dataset.Name);
        string command = $"focalsharp train {data}{(weights is null ? "" : $" --weights {weights}")} --recipe {Path.Combine(folder, "best.yaml")}";
        string title = $"Search on {dataset.Name}";
        Ui.Line($"Searching {string.Join(", ", request.Parameters.Select(parameter => parameter.Key))} on {request.Training.Images.Count} training images for {request.Time:h\\:mm\\:ss}");
        SearchState state = TrainingDisplay.Show(Ui, monitor => RecipeSearch.Run(request, new TrainingEvents(monitor, []), found => found.Save(folder, title, command), cancellationToken));
        Write(state, folder, command);
        return Task.FromResult(ExitCodes.Success);
    }

    private void Write(SearchState state, string folder, string command)
    {
        Ui.Line();
        if (state.Best is not { } best)
        {
            throw new TrainingException("Every trial failed. See search.json for the reasons; narrow the ranges.") { RunFolder = folder };
        }

        string gain = state.Difference is { } difference ? $", {difference:+0.000;−0.000} ± {state.StandardError:0.000} against the recipe" : "";
        Ui.Heading($"Best of {Quantity.Format(state.Trials.Count, "trial")}: AP {best.AP:0.000} on {Quantity.Format(state.HeldOutImages, "held-out image")} after {Quantity.Format(best.Steps, "step")}{gain}");
        IReadOnlyList<double> importance = state.ComputeImportance();
        for (int i = 0; i < state.Parameters.Count; i++)
        {
            Ui.Field(state.Parameters[i].Key, $"{best.Values[i]}  (importance {importance[i]:0.00})");
        }

        Ui.Line();
        Ui.Field("Report", Path.Combine(folder, "report.html"));
        Ui.Field("Recipe", Path.Combine(folder, "best.yaml"));
        Ui.Line();
        Ui.Line("Next step:");
        Ui.Line($"  {command}");
    }

    private static string CreateFolder(string? requested, string name) =>
        (requested is not null ? RunFolder.Create(requested) : RunFolder.CreateNext(RunFolder.DefaultRoot, $"tune-{name}")).Path;
}
