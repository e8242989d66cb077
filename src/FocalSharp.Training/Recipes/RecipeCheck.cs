using FocalSharp.Datasets.Linting;
using FocalSharp.Datasets.Linting.Advice;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Training.Recipes;

/// <summary>A recipe as what a data set is checked against, and the check's advice as a command.</summary>
public static class RecipeCheck
{
    /// <summary>The settings of a recipe that decide which objects can be learned.</summary>
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

    /// <summary>The words of <c>focalsharp train</c> that train by the advice; what the recipe says already is left out, but size and batch.</summary>
    /// <param name="advice">The advice.</param>
    /// <param name="recipe">The recipe that was checked.</param>
    /// <param name="data">The data set, as typed.</param>
    /// <param name="recipeName">The recipe, as typed; null for the default.</param>
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
