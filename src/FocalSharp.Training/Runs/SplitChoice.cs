using FocalSharp.Datasets;

namespace FocalSharp.Training.Runs;

/// <summary>Which images a run trains on and which it is judged by.</summary>
/// <param name="Train">Training images.</param>
/// <param name="Judge">Images that the run is judged by; never trained on.</param>
/// <param name="JudgeName">What the judged part is called: <c>test</c> or <c>val</c>.</param>
/// <param name="Reason">How the parts were chosen, in words for the user.</param>
public sealed record SplitChoice(DetectionDataset Train, DetectionDataset Judge, string JudgeName, string Reason)
{
    /// <summary>Fraction held out where a data set has no split of its own.</summary>
    public const double HeldOut = 0.2;

    /// <summary>Chooses the parts.</summary>
    /// <remarks>
    /// A labelled test split judges, and train and val together train, as Pascal VOC's trainval and test do. Without one, val judges.
    /// Without either, a fifth of the images is held out by a hash of their names, the same in every run.
    /// </remarks>
    /// <exception cref="UserErrorException">There is nothing to train on or to judge by.</exception>
    public static SplitChoice Of(DetectionDataset dataset)
    {
        DetectionDataset test = dataset.Select(DatasetSplit.Test);
        DetectionDataset val = dataset.Select(DatasetSplit.Val);
        DetectionDataset train = dataset.Select(DatasetSplit.Train);
        if (train.Images.Count > 0 && test.ObjectCount > 0)
        {
            return Checked(dataset.Select(DatasetSplit.Train, DatasetSplit.Val), test, "test", val.Images.Count > 0
                ? "its test split judges; train and val together train"
                : "its test split judges");
        }

        if (val.ObjectCount > 0)
        {
            return Checked(dataset.Select(DatasetSplit.Train, DatasetSplit.Unassigned), val, "val", "its val split judges");
        }

        DetectionDataset split = SeededSplit.Apply(dataset, HeldOut, seed: 0);
        return Checked(
            split.Select(DatasetSplit.Train),
            split.Select(DatasetSplit.Val),
            "val",
            $"it has no val split: {HeldOut:P0} of the images, chosen by a hash of their names, judge");
    }

    private static SplitChoice Checked(DetectionDataset train, DetectionDataset judge, string judgeName, string reason)
    {
        if (train.ObjectCount == 0)
        {
            throw new UserErrorException($"{train.Name}: no labelled objects to train on ({train.Images.Count} training images; {reason}).");
        }

        return judge.ObjectCount > 0
            ? new SplitChoice(train, judge, judgeName, reason)
            : throw new UserErrorException($"{train.Name}: no labelled objects to judge by ({judge.Images.Count} images; {reason}). Add images, or a val split.");
    }
}
