using FocalSharp.Datasets.Linting;
using FocalSharp.Datasets.Linting.Advice;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Training.Recipes;

/// <summary>Checks of a data set against a recipe.</summary>
internal static class RecipeCheck
{
    /// <summary>Returns the settings of a recipe that determine which objects can be detected.</summary>
    public static DatasetCheckOptions CreateCheckOptions(Recipe recipe) => new()
    {
        InputSize = recipe.Input.ShortSide,
        Fit = new InputFit(recipe.Input.LongSide, recipe.Input.ShortSide, recipe.Input.Mode == ResizeMode.Stretch),
        RegMax = recipe.Model.Head.RegMax,
        Strides = recipe.Model.Head.Strides,
        AnchorScale = recipe.Model.Head.AnchorScale,
        CenterOffset = recipe.Model.Head.CenterOffset,
        BatchSize = recipe.BatchSize,
        MinImageSize = recipe.MinImageSize,
    };

    /// <summary>Returns the command line that trains with recommended settings. Settings that the recipe has already are omitted, except size and batch.</summary>
    /// <param name="advice">The recommended settings.</param>
    /// <param name="recipe">The checked recipe.</param>
    /// <param name="data">The data set as given.</param>
    /// <param name="recipeName">The recipe as given; null for the default.</param>
    public static IReadOnlyList<string> BuildTrainCommand(RecommendedSettings advice, Recipe recipe, string data, string? recipeName)
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

        return words;
    }
}
