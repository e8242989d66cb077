using System.Globalization;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting.Advice;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Runs;

/// <summary>Warns before a long training if many objects are too small at the input size.</summary>
internal static class InputSizeHint
{
    /// <summary>Returns a message, or null if the input size is large enough.</summary>
    /// <param name="training">The images to train on.</param>
    /// <param name="recipe">The recipe.</param>
    public static string? Create(DetectionDataset training, Recipe recipe)
    {
        int size = recipe.Input.ShortSide;
        RecommendedSettings advice = SettingsRecommender.Recommend(training, RecipeCheck.CreateCheckOptions(recipe));
        if (advice.InputSize <= size)
        {
            return null;
        }

        double times = (double)advice.InputSize * advice.InputSize / ((double)size * size);
        double across = advice.SmallObjectSize * size / advice.InputSize; // sizes are in proportion to the input's
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Small objects: 5 % of the objects are smaller than {across:0} px at an input of {size} px. An input of {advice.InputSize} px would make more of them "
            + $"detectable and take about {times:0.#} times as long");
    }
}
