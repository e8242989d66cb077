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
        (DetectionDataset dealt, DatasetSplit judge, string reason) = Deal(dataset);
        DetectionDataset train = judge == DatasetSplit.Test && dealt.Select(DatasetSplit.Train).Images.Count > 0
            ? dealt.Select(DatasetSplit.Train, DatasetSplit.Val)
            : dealt.Select(DatasetSplit.Train, DatasetSplit.Unassigned);
        return Checked(train, dealt.Select(judge), NameOf(judge), reason);
    }

    /// <summary>The part that <see cref="Of"/> judges by, also where a data set holds nothing to train on.</summary>
    /// <param name="dataset">The data set.</param>
    /// <returns>The part, its name, and how it was chosen, in words for the user.</returns>
    public static (DetectionDataset Judge, string Name, string Reason) JudgeOf(DetectionDataset dataset)
    {
        if (dataset.Images.Count < 2)
        {
            return (dataset, "all", "it has one image");
        }

        (DetectionDataset dealt, DatasetSplit judge, string reason) = Deal(dataset);
        return (dealt.Select(judge), NameOf(judge), reason);
    }

    private static (DetectionDataset Dealt, DatasetSplit Judge, string Reason) Deal(DetectionDataset dataset)
    {
        DetectionDataset test = dataset.Select(DatasetSplit.Test);
        DetectionDataset val = dataset.Select(DatasetSplit.Val);
        bool trains = dataset.Select(DatasetSplit.Train).Images.Count > 0;
        if (test.ObjectCount > 0 && (trains || val.ObjectCount == 0))
        {
            return (dataset, DatasetSplit.Test, trains && val.Images.Count > 0
                ? "its test split judges; train and val together train"
                : "its test split judges");
        }

        if (val.ObjectCount > 0)
        {
            return (dataset, DatasetSplit.Val, "its val split judges");
        }

        return (
            SeededSplit.Apply(dataset, HeldOut, seed: 0),
            DatasetSplit.Val,
            $"it has no val split: {HeldOut:P0} of the images, chosen by a hash of their names, judge");
    }

    private static string NameOf(DatasetSplit judge) => judge == DatasetSplit.Test ? "test" : "val";

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
