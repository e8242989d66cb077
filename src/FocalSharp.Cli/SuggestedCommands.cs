using System.Globalization;
using FocalSharp.Cli.Parsing;
using FocalSharp.Datasets.Linting.Advice;
using FocalSharp.Explorer;
using FocalSharp.Explorer.Models;
using FocalSharp.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Reporting;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Cli;

/// <summary>The commands that the tool suggests. Libraries return data and know no commands.</summary>
internal static class SuggestedCommands
{
    /// <summary>What the explorer's pages advise if something is missing.</summary>
    public static ExplorerHints ExplorerHints { get; } = new()
    {
        PassDataset = "Start the explorer with --data DATASET.",
        DrawDemo = "'focalsharp data check demo' draws them; or pass their folder with --data.",
        ExportRaw = "Export it with --raw",
        EvaluateModel = model => $"'{CommandLine.Format(["focalsharp", "eval", model, "DATA"])}' prints its calibration.",
        CreateReport = "'focalsharp report RUN' creates it.",
        EvaluateRun = "'focalsharp eval RUN DATA --json RUN/eval.json' adds it; replace RUN and DATA with those of this run.",
    };

    /// <summary>Returns the command that tries weights.</summary>
    public static string FormatPredict(string weights) => CommandLine.Format(["focalsharp", "predict", weights, "YOUR_IMAGE.jpg"]);

    /// <summary>Returns the links of a run's report to its images, in an explorer that is started on the run.</summary>
    public static ImageLinks LinkImages(string folder)
    {
        RunFolder run = RunFolder.Open(folder);
        return CreateLinks(run.Name, "focalsharp", "explore", Path.GetRelativePath(".", run.Path));
    }

    /// <summary>Returns the links of a model's report to the images that it was evaluated on, in an explorer that is started on both.</summary>
    /// <param name="model">The model as given.</param>
    /// <param name="data">The data set as given.</param>
    public static ImageLinks? LinkImages(string model, string data) =>
        new ExplorerModelCatalog(Path.Exists(model) ? model : ModelZoo.Resolve(model), data).GetEntries() is [{ } entry, ..]
            ? CreateLinks(entry.Id, "focalsharp", "explore", model, "--data", data)
            : null;

    /// <summary>Returns the command that trains from a published model.</summary>
    public static string FormatTrain(ModelEntry model)
    {
        string[] recipe = model.Recipe is { } name ? ["--recipe", name] : [];
        return CommandLine.Format([
            "focalsharp", "train", "YOUR_DATASET", "--weights", model.Name, .. recipe, .. model.RecipeChanges.SelectMany(change => new[] { "--set", change }),
        ]);
    }

    /// <summary>Returns the command that trains with recommended settings. Settings that the recipe has already are omitted, except size and batch.</summary>
    /// <param name="advice">The recommended settings.</param>
    /// <param name="recipe">The checked recipe.</param>
    /// <param name="data">The data set as given.</param>
    /// <param name="recipeName">The recipe as given; null for the default.</param>
    public static string FormatTrain(RecommendedSettings advice, Recipe recipe, string data, string? recipeName)
    {
        List<string> words = ["focalsharp", "train", data];
        if (recipeName is not null)
        {
            words.AddRange(["--recipe", recipeName]);
        }

        words.AddRange(["--size", $"{advice.InputSize}", "--batch", $"{advice.BatchSize}"]);
        if (advice.RegMax != recipe.Model.Head.RegMax)
        {
            words.AddRange(["--set", $"model.head.regMax={advice.RegMax}"]);
        }

        if (!advice.Strides.SequenceEqual(recipe.Model.Head.Strides))
        {
            words.AddRange(["--set", $"model.head.strides={string.Join(',', advice.Strides)}", "--set", $"model.neck.levels={advice.Strides.Count}"]);
        }

        return CommandLine.Format(words);
    }

    private static ImageLinks CreateLinks(string model, params IReadOnlyList<string> command) =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ExplorerOptions.DefaultPort}/"), model, CommandLine.Format(command));
}
