using System.Globalization;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Linting.Advice;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Runs;

/// <summary>What a person should know before hours are spent: that the objects are too small at the input's size.</summary>
internal static class InputSizeHint
{
    /// <summary>A line for the monitor, or null where the size will do.</summary>
    /// <param name="training">The images to train on.</param>
    /// <param name="recipe">How they are trained on.</param>
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
            $"Small objects: a twentieth of them is below {across:0} px across at {size} px. --size {advice.InputSize} shows more of them, and takes "
            + $"about {times:0.#} times as long ('focalsharp data check' tells more)");
    }
}
