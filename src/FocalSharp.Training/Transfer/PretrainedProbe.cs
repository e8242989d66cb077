using System.Globalization;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Models;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Transfer;

/// <summary>What weights were found to know of a data set before they are trained on it.</summary>
/// <param name="Classes">One for each of the data's classes.</param>
/// <param name="Options">What follows from it, and from where on.</param>
public sealed record PretrainedProbe(IReadOnlyList<ClassMatch> Classes, TransferOptions Options)
{
    private const double MinScore = 0.02; // below it, order says little
    private const int MaxDetections = 200;

    /// <summary>Mean AP at IoU 0.5 over the data's classes, each found by its kin.</summary>
    public double AP50 => Classes.Count == 0 ? 0 : Classes.Average(one => one.AP50);

    /// <summary>
    /// Whether the weights know the data already, so that they are trained gently. One class may be found by chance (blood cells, by
    /// what finds apples); several, each by another class of the weights, are not, nor are classes that bear the same names there.
    /// </summary>
    public bool AlreadyDetects => AP50 >= Options.AlreadyDetectsAp50
        && (DetectedClasses.Select(one => one.MatchedClass).Distinct().Count() >= Options.MinDetectedClasses || DetectedClasses.Count(HasSameName) == Classes.Count);

    /// <summary>For each of the data's classes the name under which the weights know it; its own where they do not.</summary>
    public IReadOnlyList<string> InitialClassNames => [.. Classes.Select(one => UsesMatch(one) ? one.MatchedClass! : one.ClassName)];

    /// <summary>Tries weights on training images.</summary>
    /// <param name="path">The weights.</param>
    /// <param name="training">Labelled images, of which <see cref="TransferOptions.ProbeImages"/> are taken.</param>
    /// <param name="recipe">The recipe to come: the size of the input, and the options.</param>
    /// <param name="precision">Arithmetic of the convolutions.</param>
    /// <returns>Null where the recipe asks for no trial, or the weights are no whole detector's.</returns>
    /// <exception cref="FocalSharpException">The weights or an image cannot be read.</exception>
    public static PretrainedProbe? Run(string path, DetectionDataset training, Recipe recipe, Precision precision)
    {
        if (recipe.Transfer.ProbeImages == 0 || !RecipeSelector.IsDetector(path))
        {
            return null;
        }

        DetectionDataset sample = SampleEvenly(training, recipe.Transfer.ProbeImages);
        using LoadedModel model = LoadedModel.Load(path);
        model.Detector.Precision = precision;
        PostprocessOptions options = model.Detector.Options.Postprocess with
        {
            ScoreThreshold = MinScore,
            MaxDetections = MaxDetections,
            Quantiles = [],
        };
        Detection[][] detections = new ImagePredictor(model.Detector, recipe.Input.ResizeRule, options).Predict(sample.Images);
        return new PretrainedProbe(ClassMatches.Find(sample, detections, model.Detector.Options.Classes), recipe.Transfer);
    }

    /// <summary>The recipe, gentler where the weights know the data.</summary>
    public Recipe AdjustLearningRate(Recipe recipe) => !AlreadyDetects ? recipe : recipe with
    {
        Optimizer = recipe.Optimizer with { LearningRate = recipe.Optimizer.LearningRate * Options.LearningRateFactor },
    };

    /// <summary>What was found, for people.</summary>
    public override string ToString()
    {
        string[] adopted = [.. Classes.Where(UsesMatch).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.ClassName} begins as {one.MatchedClass} (AP50 {one.AP50:0.00})"))];
        string known = string.Create(CultureInfo.InvariantCulture, $"before any training the weights reach AP50 {AP50:0.00} on training images");
        string rate = AlreadyDetects && Options.LearningRateFactor < 1 ? string.Create(CultureInfo.InvariantCulture, $": the learning rate is {Options.LearningRateFactor:0.##} of the recipe's, to keep what they know") : "";
        return string.Join("; ", (string[])[known + rate, .. adopted]);
    }

    private IEnumerable<ClassMatch> DetectedClasses => Classes.Where(one => one.AP50 >= Options.MinClassMatchAp50);

    private static bool HasSameName(ClassMatch one) => string.Equals(one.MatchedClass, one.ClassName, StringComparison.OrdinalIgnoreCase);

    private bool UsesMatch(ClassMatch one) => one.MatchedClass is not null && !HasSameName(one) && one.AP50 >= Options.MinClassMatchAp50;

    /// <summary>Images at even distances through the set, so that a set that is sorted somehow is met everywhere.</summary>
    private static DetectionDataset SampleEvenly(DetectionDataset data, int count) => data.Images.Count <= count ? data : data with
    {
        Images = [.. Enumerable.Range(0, count).Select(i => data.Images[(int)((long)i * data.Images.Count / count)])],
    };
}
