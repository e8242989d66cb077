using System.Globalization;
using FocalSharp.Datasets;
using FocalSharp.Decoding;
using FocalSharp.Detections;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Inference;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Transfer;

/// <summary>What weights were found to know of a data set before they are trained on it.</summary>
/// <param name="Classes">One for each of the data's classes.</param>
/// <param name="Options">What follows from it, and from where on.</param>
public sealed record WeightsTrial(IReadOnlyList<KindredClass> Classes, TransferOptions Options)
{
    private const double LeastScore = 0.02; // below it, order says little
    private const int MaxDetections = 200;

    /// <summary>Mean AP at IoU 0.5 over the data's classes, each found by its kin.</summary>
    public double AP50 => Classes.Count == 0 ? 0 : Classes.Average(one => one.AP50);

    /// <summary>
    /// Whether the weights know the data already, so that they are trained gently. One class may be found by chance (blood cells, by
    /// what finds apples); several, each by another class of the weights, are not, nor are classes that bear the same names there.
    /// </summary>
    public bool IsKnown => AP50 >= Options.KnownAp50
        && (Found.Select(one => one.Kin).Distinct().Count() >= Options.KnownClasses || Found.Count(IsNamesake) == Classes.Count);

    /// <summary>For each of the data's classes the name under which the weights know it; its own where they do not.</summary>
    public IReadOnlyList<string> Names => [.. Classes.Select(one => Adopts(one) ? one.Kin! : one.Name)];

    /// <summary>Tries weights on training images.</summary>
    /// <param name="path">The weights.</param>
    /// <param name="training">Labelled images, of which <see cref="TransferOptions.Images"/> are taken.</param>
    /// <param name="recipe">The recipe to come: the size of the input, and the options.</param>
    /// <param name="precision">Arithmetic of the convolutions.</param>
    /// <returns>Null where the recipe asks for no trial, or the weights are no whole detector's.</returns>
    /// <exception cref="UserErrorException">The weights or an image cannot be read.</exception>
    public static WeightsTrial? Of(string path, DetectionDataset training, Recipe recipe, Precision precision)
    {
        if (recipe.Transfer.Images == 0 || !WeightsRecipe.IsDetector(path))
        {
            return null;
        }

        DetectionDataset sample = Sample(training, recipe.Transfer.Images);
        using LoadedModel model = LoadedModel.Load(path);
        model.Detector.Precision = precision;
        PostprocessOptions options = model.Detector.Options.Postprocess with
        {
            ScoreThreshold = LeastScore,
            MaxDetections = MaxDetections,
            Quantiles = [],
        };
        Detection[][] detections = new ImagePredictor(model.Detector, recipe.Input.Rule, options).Predict(sample.Images);
        return new WeightsTrial(KindredClasses.Find(sample, detections, model.Detector.Options.Classes), recipe.Transfer);
    }

    /// <summary>The recipe, gentler where the weights know the data.</summary>
    public Recipe Temper(Recipe recipe) => !IsKnown ? recipe : recipe with
    {
        Optimizer = recipe.Optimizer with { LearningRate = recipe.Optimizer.LearningRate * Options.KnownRate },
    };

    /// <summary>What was found, for people.</summary>
    public override string ToString()
    {
        string[] adopted = [.. Classes.Where(Adopts).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Name} begins as {one.Kin} (AP50 {one.AP50:0.00})"))];
        string known = string.Create(CultureInfo.InvariantCulture, $"before any training the weights reach AP50 {AP50:0.00} on training images");
        string rate = IsKnown && Options.KnownRate < 1 ? string.Create(CultureInfo.InvariantCulture, $": the learning rate is {Options.KnownRate:0.##} of the recipe's, to keep what they know") : "";
        return string.Join("; ", (string[])[known + rate, .. adopted]);
    }

    private IEnumerable<KindredClass> Found => Classes.Where(one => one.AP50 >= Options.KinAp50);

    private static bool IsNamesake(KindredClass one) => string.Equals(one.Kin, one.Name, StringComparison.OrdinalIgnoreCase);

    private bool Adopts(KindredClass one) => one.Kin is not null && !IsNamesake(one) && one.AP50 >= Options.KinAp50;

    /// <summary>Images at even distances through the set, so that a set that is sorted somehow is met everywhere.</summary>
    private static DetectionDataset Sample(DetectionDataset data, int count) => data.Images.Count <= count ? data : data with
    {
        Images = [.. Enumerable.Range(0, count).Select(i => data.Images[(int)((long)i * data.Images.Count / count)])],
    };
}
