using FocalSharp.Datasets.Linting;

namespace FocalSharp.Training.Recipes;

/// <summary>Checks of a data set against a recipe.</summary>
internal static class RecipeCheck
{
    /// <summary>Returns the settings of a recipe that determine which objects can be detected.</summary>
    public static DatasetCheckOptions CreateCheckOptions(Recipe recipe) => new()
    {
        InputSize = recipe.Input.ShortSide,
        Fit = new InputFit(recipe.Input.LongSide, recipe.Input.ShortSide, recipe.Input.ResizeRule.IsStretched),
        RegMax = recipe.Model.Head.RegMax,
        Strides = recipe.Model.Head.Strides,
        AnchorScale = recipe.Model.Head.AnchorScale,
        CenterOffset = recipe.Model.Head.CenterOffset,
        BatchSize = recipe.BatchSize,
        MinImageSize = recipe.MinImageSize,
    };
}
