

namespace FocalSharp.Datasets;

/// <summary>Which images a run trains on and which it is judged by.</summary>
/// <param name="Train">Training images.</param>
/// <param name="Eval">Images that the run is judged by; never trained on.</param>
/// <param name="EvalName">What the judged part is called: <c>test</c> or <c>val</c>.</param>
/// <param name="Reason">How the parts were chosen, in words for the user.</param>
public sealed record TrainEvalSplit(DetectionDataset Train, DetectionDataset Eval, string EvalName, string Reason)
{
    /// <summary>Fraction held out where a data set has no split of its own.</summary>
    public const double HoldOutFraction = 0.2;

    /// <summary>Chooses the parts.</summary>
    /// <remarks>
    /// A labelled test split judges, and train and val together train, as Pascal VOC's trainval and test do. Without one, val judges.
    /// Without either, a fifth of the images is held out by a hash of their names, the same in every run.
    /// </remarks>
    /// <exception cref="FocalSharpException">There is nothing to train on or to judge by.</exception>
    public static TrainEvalSplit Create(DetectionDataset dataset)
    {
        (DetectionDataset assigned, DatasetSplit eval, string reason) = AssignSplits(dataset);
        DetectionDataset train = eval == DatasetSplit.Test && assigned.Select(DatasetSplit.Train).Images.Count > 0
            ? assigned.Select(DatasetSplit.Train, DatasetSplit.Val)
            : assigned.Select(DatasetSplit.Train, DatasetSplit.Unassigned);
        return CreateChecked(train, assigned.Select(eval), GetSplitName(eval), reason);
    }

    /// <summary>The part that <see cref="Create"/> judges by, also where a data set holds nothing to train on.</summary>
    /// <param name="dataset">The data set.</param>
    /// <returns>The part, its name, and how it was chosen, in words for the user.</returns>
    public static (DetectionDataset EvalSplit, string Name, string Reason) SelectEval(DetectionDataset dataset)
    {
        if (dataset.Images.Count < 2)
        {
            return (dataset, "all", "it has one image");
        }

        (DetectionDataset assigned, DatasetSplit eval, string reason) = AssignSplits(dataset);
        return (assigned.Select(eval), GetSplitName(eval), reason);
    }

    private static (DetectionDataset Dataset, DatasetSplit EvalSplit, string Reason) AssignSplits(DetectionDataset dataset)
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
            SeededSplit.Apply(dataset, HoldOutFraction, seed: 0),
            DatasetSplit.Val,
            $"it has no val split: {HoldOutFraction:P0} of the images, chosen by a hash of their names, judge");
    }

    private static string GetSplitName(DatasetSplit eval) => eval == DatasetSplit.Test ? "test" : "val";

    private static TrainEvalSplit CreateChecked(DetectionDataset train, DetectionDataset eval, string evalName, string reason)
    {
        if (train.ObjectCount == 0)
        {
            throw new FocalSharpException($"{train.Name}: no labelled objects to train on ({train.Images.Count} training images; {reason}).");
        }

        return eval.ObjectCount > 0
            ? new TrainEvalSplit(train, eval, evalName, reason)
            : throw new FocalSharpException($"{train.Name}: no labelled objects to judge by ({eval.Images.Count} images; {reason}). Add images, or a val split.");
    }
}
