using System.Globalization;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Models;
using FocalSharp.Runtime;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Transfer;

/// <summary>How well a detector's weights detect the classes of a data set before they are trained on it.</summary>
/// <param name="Classes">The match of each class of the data set.</param>
/// <param name="Options">The thresholds and what follows from them.</param>
internal sealed record PretrainedProbe(IReadOnlyList<ClassMatch> Classes, TransferOptions Options)
{
    private const double MinScore = 0.02;
    private const int MaxDetections = 200;

    /// <summary>Gets the mean AP at IoU 0.5 over the data set's classes, each detected by its matched class.</summary>
    public double AP50 => Classes.Count == 0 ? 0 : Classes.Average(one => one.AP50);

    /// <summary>
    /// Gets whether the weights already detect the data set, so that they are trained with a lower learning rate. A single class may be
    /// detected by coincidence; several, each by another class of the weights, are not, and neither are classes of the same name.
    /// </summary>
    public bool AlreadyDetects => AP50 >= Options.AlreadyDetectsAp50
        && (DetectedClasses.Select(one => one.MatchedClass).Distinct().Count() >= Options.MinDetectedClasses || DetectedClasses.Count(HasSameName) == Classes.Count);

    /// <summary>Gets, for each class of the data set, the name of its matched class, or its own name if there is none.</summary>
    public IReadOnlyList<string> InitialClassNames => [.. Classes.Select(one => UsesMatch(one) ? one.MatchedClass! : one.ClassName)];

    /// <summary>Evaluates weights on training images.</summary>
    /// <param name="path">The weights.</param>
    /// <param name="training">Labeled images; <see cref="TransferOptions.ProbeImages"/> of them are used.</param>
    /// <param name="recipe">The recipe: input size and options.</param>
    /// <param name="precision">The precision of the convolutions.</param>
    /// <param name="badImages">Receives images that cannot be read, which are then left out; null to throw.</param>
    /// <param name="cancellationToken">Cancels the probe.</param>
    /// <returns>The probe, or null if the recipe has none or the weights are not those of a whole detector.</returns>
    /// <exception cref="FocalSharpException">The weights or an image cannot be read.</exception>
    public static PretrainedProbe? Run(
        string path,
        DetectionDataset training,
        Recipe recipe,
        Precision precision,
        BadImages? badImages = null,
        CancellationToken cancellationToken = default)
    {
        if (recipe.Transfer.ProbeImages == 0 || !RecipeSelector.IsDetector(path))
        {
            return null;
        }

        DetectionDataset sample = SampleEvenly(training, recipe.Transfer.ProbeImages);
        using TorchDetector weights = TorchDetector.Load(path, new DetectorLoadOptions { Precision = precision });
        using TorchDetector detector = new(weights.Network, recipe.Input.ResizeRule, new DetectorLoadOptions
        {
            Decode = recipe.DecodeOptions with { OnUnreadable = badImages is null ? null : badImages.Skip },
        });
        DetectOptions options = new()
        {
            ScoreThreshold = MinScore,
            MaxDetections = MaxDetections,
            Quantiles = [],
        };
        Detection[][] detections = detector.DetectAll(sample.Images, options, cancellationToken: cancellationToken);
        (sample, detections) = badImages?.Exclude(sample, detections) ?? (sample, detections);
        return new PretrainedProbe(ClassMatches.Find(sample, detections, detector.Classes), recipe.Transfer);
    }

    /// <summary>Returns the recipe, with a lower learning rate if the weights already detect the data set.</summary>
    public Recipe AdjustLearningRate(Recipe recipe) => !AlreadyDetects ? recipe : recipe with
    {
        Optimizer = recipe.Optimizer with { LearningRate = recipe.Optimizer.LearningRate * Options.LearningRateFactor },
    };

    /// <summary>Describes the probe.</summary>
    public override string ToString()
    {
        string[] adopted = [.. Classes.Where(UsesMatch).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.ClassName} starts from {one.MatchedClass} (AP50 {one.AP50:0.00})"))];
        string pretrained = string.Create(CultureInfo.InvariantCulture, $"before training they reach AP50 {AP50:0.00} on training images");
        string rate = AlreadyDetects && Options.LearningRateFactor < 1 ? string.Create(CultureInfo.InvariantCulture, $", so the learning rate is {Options.LearningRateFactor:0.##} of the recipe's") : "";
        return string.Join("; ", (string[])[pretrained + rate, .. adopted]);
    }

    private IEnumerable<ClassMatch> DetectedClasses => Classes.Where(one => one.AP50 >= Options.MinClassMatchAp50);

    private static bool HasSameName(ClassMatch one) => string.Equals(one.MatchedClass, one.ClassName, StringComparison.OrdinalIgnoreCase);

    private bool UsesMatch(ClassMatch one) => one.MatchedClass is not null && !HasSameName(one) && one.AP50 >= Options.MinClassMatchAp50;

    /// <summary>Selects evenly spaced images, so that a sorted data set is sampled everywhere.</summary>
    private static DetectionDataset SampleEvenly(DetectionDataset data, int count) => data.Images.Count <= count ? data : data with
    {
        Images = [.. Enumerable.Range(0, count).Select(i => data.Images[(int)((long)i * data.Images.Count / count)])],
    };
}
