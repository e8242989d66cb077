using FocalSharp.Datasets;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tuning;

/// <summary>A division of the training images for trials: one part to train on, one to evaluate on.</summary>
/// <param name="Train">Images that a trial is trained on.</param>
/// <param name="HeldOut">Images that it is evaluated on.</param>
internal sealed record HeldOutFold(DetectionDataset Train, DetectionDataset HeldOut)
{
    /// <summary>
    /// Divides the training images by a hash of their names: one fold, or two that hold out one half each if one part would be too small to
    /// evaluate on.
    /// </summary>
    /// <param name="training">The training images.</param>
    /// <param name="options">How many images to hold out.</param>
    /// <param name="seed">The run's seed.</param>
    /// <returns>The folds; empty if there is no way to have objects to train on and to evaluate on.</returns>
    public static IReadOnlyList<HeldOutFold> Create(DetectionDataset training, TuningOptions options, int seed)
    {
        int count = training.Images.Count;
        if (count < 2)
        {
            return [];
        }

        bool single = options.HeldOutFraction * count >= options.MinHeldOutImages;
        double fraction = single ? Math.Min(options.HeldOutFraction, (double)options.MaxHeldOutImages / count) : 0.5;
        DetectionDataset divided = SeededSplit.Apply(
            training with { Images = [.. training.Images.Select(image => image with { Split = DatasetSplit.Train })] }, fraction, (ulong)seed);
        HeldOutFold fold = new(divided.Select(DatasetSplit.Train), divided.Select(DatasetSplit.Val));
        HeldOutFold[] folds = single ? [fold] : [fold, new HeldOutFold(fold.HeldOut, fold.Train)];
        return Array.TrueForAll(folds, one => one.Train.ObjectCount > 0 && one.HeldOut.ObjectCount > 0) ? folds : [];
    }
}
