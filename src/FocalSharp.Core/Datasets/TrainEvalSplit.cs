

namespace FocalSharp.Datasets;

/// <summary>The images for training and for evaluation.</summary>
/// <param name="Train">Training images.</param>
/// <param name="Eval">The evaluation images, which are not used for training.</param>
/// <param name="EvalName">The name of the evaluation split: <c>test</c>, <c>val</c> or <c>all</c>.</param>
/// <param name="Reason">How the images were divided, as a sentence for the user.</param>
internal sealed record TrainEvalSplit(DetectionDataset Train, DetectionDataset Eval, string EvalName, string Reason)
{
    /// <summary>The fraction held out if a data set has no split.</summary>
    public const double HoldOutFraction = 0.2;

    /// <summary>Divides a data set into training and evaluation images.</summary>
    /// <remarks>
    /// If there is a labeled test split, it is used for evaluation, and train and val for training, as with Pascal VOC's trainval and test. Otherwise
    /// val is used for evaluation. Without either, a fifth of the images is held out by a hash of their names, the same in every run.
    /// </remarks>
    /// <exception cref="DatasetException">There are no objects to train on or to evaluate on.</exception>
    public static TrainEvalSplit Create(DetectionDataset dataset)
    {
        (DetectionDataset assigned, DatasetSplit eval, string reason) = AssignSplits(dataset);
        DetectionDataset train = eval == DatasetSplit.Test && assigned.Select(DatasetSplit.Train).Images.Count > 0
            ? assigned.Select(DatasetSplit.Train, DatasetSplit.Val)
            : assigned.Select(DatasetSplit.Train, DatasetSplit.Unassigned);
        return CreateChecked(train, assigned.Select(eval), GetSplitName(eval), reason);
    }

    /// <summary>Returns the images that <see cref="Create"/> uses for evaluation, even if there is nothing to train on.</summary>
    /// <param name="dataset">The data set.</param>
    /// <returns>The images, the name of the split, and how it was chosen, as a sentence for the user.</returns>
    public static (DetectionDataset EvalSplit, string Name, string Reason) SelectEval(DetectionDataset dataset)
    {
        if (dataset.Images.Count < 2)
        {
            return (dataset, "all", "there is only one image");
        }

        (DetectionDataset assigned, DatasetSplit eval, string reason) = AssignSplits(dataset);
        return (assigned.Select(eval), GetSplitName(eval), reason);
    }

    private static (DetectionDataset Dataset, DatasetSplit EvalSplit, string Reason) AssignSplits(DetectionDataset dataset)
    {
        DetectionDataset test = dataset.Select(DatasetSplit.Test);
        DetectionDataset val = dataset.Select(DatasetSplit.Val);
        bool hasTrain = dataset.Select(DatasetSplit.Train).Images.Count > 0;
        if (test.ObjectCount > 0 && (hasTrain || val.ObjectCount == 0))
        {
            return (dataset, DatasetSplit.Test, hasTrain && val.Images.Count > 0
                ? "evaluated on its test split; trained on train and val"
                : "evaluated on its test split");
        }

        if (val.ObjectCount > 0)
        {
            return (dataset, DatasetSplit.Val, "evaluated on its val split");
        }

        return (
            SeededSplit.Apply(dataset, HoldOutFraction, seed: 0),
            DatasetSplit.Val,
            $"no val split: holding out {HoldOutFraction:P0} of the images (by file-name hash) for evaluation");
    }

    private static string GetSplitName(DatasetSplit eval) => eval == DatasetSplit.Test ? "test" : "val";

    private static TrainEvalSplit CreateChecked(DetectionDataset train, DetectionDataset eval, string evalName, string reason)
    {
        if (train.ObjectCount == 0)
        {
            throw new DatasetException($"{train.Name}: no labeled objects to train on ({train.Images.Count} training images; {reason}). Add annotations.");
        }

        return eval.ObjectCount > 0
            ? new TrainEvalSplit(train, eval, evalName, reason)
            : throw new DatasetException($"{train.Name}: no labeled objects to evaluate on ({eval.Images.Count} images; {reason}). Add images, or a val split.");
    }
}
