using FocalSharp.Models.Catalog;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Cli.Parsing;

/// <summary>Selects the recipe of a command.</summary>
internal static class RecipeChoice
{
    /// <summary>Loads the named recipe, or the one that suits the weights, or the default.</summary>
    /// <param name="recipe">A recipe's name or file, or null.</param>
    /// <param name="weights">Pretrained weights, or null.</param>
    /// <param name="data">The data set as typed.</param>
    /// <exception cref="FocalSharpException">The recipe or the weights cannot be read.</exception>
    public static Recipe Select(string? recipe, string? weights, string data) =>
        recipe is not null ? RecipeBook.Load(recipe)
            : weights is not null ? RecipeSelector.SelectForWeights(ModelZoo.Resolve(weights))
            : RecipeBook.Load(DataArgument.IsDemo(data) ? "gfl-demo" : RecipeSelector.Default);
}
