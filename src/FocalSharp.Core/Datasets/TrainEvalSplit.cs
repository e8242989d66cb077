using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets;

/// <summary>The images for training and for evaluation.</summary>
/// <param name="Train">Training images.</param>
/// <param name="Eval">The evaluation images; not used for training, unless <paramref name="Warning"/> says so.</param>
/// <param name="EvalName">The name of the evaluation split: <c>test</c>, <c>val</c> or <c>all</c>.</param>
/// <param name="Reason">How the images were divided, as a sentence for the user.</param>
/// <param name="Warning">A warning, if the model is evaluated on training images; otherwise null.</param>
internal sealed record TrainEvalSplit(DetectionDataset Train, DetectionDataset Eval, string EvalName, string Reason, string? Warning = null)
{
    /// <summary>The fraction held out if a data set has no split.</summary>
    public const double HoldOutFraction = 0.2;

    private const string All = "all";
    private const string LeakWarning = "The model is evaluated on images that it is trained on, so its AP says nothing about other images";

    /// <summary>Divides a data set into training and evaluation images.</summary>
    /// <remarks>
    /// If there is a labeled test split, it is used for evaluation, and train and val for training, as with Pascal VOC's trainval and test. Otherwise
    /// val is used for evaluation. Without either, a fifth of the images is held out by a hash of their names, the same in every run. Images
    /// outside the train split are trained on only if there is no train split. Splits that consist of the same images are used as they are,
    /// with a warning.
    /// </remarks>
    /// <exception cref="DatasetException">There are no objects to train on or to evaluate on, or the data set names an evaluation split that cannot be used.</exception>
    public static TrainEvalSplit Create(DetectionDataset dataset)
    {
        (DetectionDataset assigned, DatasetSplit? eval, string reason) = AssignSplits(dataset);
        if (eval is not { } split)
        {
            return CreateChecked(assigned, assigned, All, reason, $"{LeakWarning}: {reason}.");
        }

        DetectionDataset held = assigned.Select(split);
        if (held.ObjectCount == 0)
        {
            throw CreateUnlabeledError(held, split);
        }

        bool hasTrain = HasImages(assigned, DatasetSplit.Train);
        DetectionDataset train = (hasTrain, split) switch
        {
            (true, DatasetSplit.Test) => assigned.Select(DatasetSplit.Train, DatasetSplit.Val),
            (true, _) => assigned.Select(DatasetSplit.Train),
            _ => assigned.Select(DatasetSplit.Unassigned),
        };

        // A val split with the images of test is left out; a train split with them is what was asked for.
        HashSet<string> evaluated = new(held.Images.Select(image => image.Path), StringComparer.Ordinal);
        DetectionDataset disjoint = train with { Images = [.. train.Images.Where(image => !evaluated.Contains(image.Path))] };
        bool leaks = hasTrain && disjoint.Images.Count < train.Images.Count && assigned.Select(DatasetSplit.Train).Images.All(image => evaluated.Contains(image.Path));
        return leaks
            ? CreateChecked(
                assigned.Select(DatasetSplit.Train), held, GetSplitName(split), reason,
                $"{LeakWarning}: its train and {GetSplitName(split)} splits are the same images. Name other images for one of them, or remove the {GetSplitName(split)} split to hold some out.")
            : CreateChecked(disjoint, held, GetSplitName(split), reason);
    }

    /// <summary>Returns the images that <see cref="Create"/> uses for evaluation, even if there is nothing to train on.</summary>
    /// <param name="dataset">The data set.</param>
    /// <returns>The images, the name of the split, and how it was chosen, as a sentence for the user.</returns>
    /// <exception cref="DatasetException">The data set names an evaluation split that cannot be used.</exception>
    public static (DetectionDataset EvalSplit, string Name, string Reason) SelectEval(DetectionDataset dataset)
    {
        (DetectionDataset assigned, DatasetSplit? eval, string reason) = AssignSplits(dataset);
        return eval is { } split ? (assigned.Select(split), GetSplitName(split), reason) : (assigned, All, reason);
    }

    private static (DetectionDataset Dataset, DatasetSplit? EvalSplit, string Reason) AssignSplits(DetectionDataset dataset)
    {
        DetectionDataset test = dataset.Select(DatasetSplit.Test);
        DetectionDataset val = dataset.Select(DatasetSplit.Val);
        bool hasTrain = HasImages(dataset, DatasetSplit.Train);
        string unused = hasTrain && dataset.Select(DatasetSplit.Unassigned).Images.Count is > 0 and int count
            ? $"; {count} images of no recognized split are not used" : "";
        if (test.ObjectCount > 0 && (hasTrain || val.ObjectCount == 0))
        {
            return (dataset, DatasetSplit.Test, (hasTrain && val.Images.Count > 0
                ? "evaluated on its test split; trained on train and val"
                : "evaluated on its test split") + unused);
        }

        if (val.Images.Count > 0)
        {
            return (dataset, DatasetSplit.Val, "evaluated on its val split" + unused);
        }

        if (test.Images.Count == dataset.Images.Count)
        {
            return (dataset, DatasetSplit.Test, "evaluated on its test split");
        }

        CheckNoSplitIsLost(dataset, test, hasTrain);
        string without = test.Images.Count > 0 ? $"; its test split ({Quantity.Format(test.Images.Count, "image")}) has no labels and is not used" : "";
        return HoldOut(hasTrain ? dataset.Select(DatasetSplit.Train) : dataset.Select(DatasetSplit.Unassigned), unused + without);
    }

    // A split that the data set names is not replaced by a part of the training images.
    private static void CheckNoSplitIsLost(DetectionDataset dataset, DetectionDataset test, bool hasTrain)
    {
        if (dataset.MissingSplits.FirstOrDefault(split => split.Split == DatasetSplit.Val || test.Images.Count == 0) is { Name: { } missing } lost
            && lost.Split is DatasetSplit.Val or DatasetSplit.Test)
        {
            throw new DatasetException(
                $"{dataset.Name}: its {GetSplitName(lost.Split)} split, '{missing}', does not exist, so there is nothing to evaluate on. "
                + $"Correct the path, or remove the split to hold out {HoldOutFraction:P0} of the training images.");
        }

        if (hasTrain && dataset.Images.FirstOrDefault(image => image.Split == DatasetSplit.Unassigned && image.SplitName is not null) is { SplitName: { } name })
        {
            throw new DatasetException(
                $"{dataset.Name}: '{ProblemLog.Sanitize(name)}' is not the name of a split, and there is no val or test split to evaluate on. "
                + $"Name it val or test to evaluate on its images, or move it away to hold out {HoldOutFraction:P0} of the training images.");
        }
    }

    private static (DetectionDataset Dataset, DatasetSplit? EvalSplit, string Reason) HoldOut(DetectionDataset pool, string remark)
    {
        int labeled = pool.Images.Count(image => image.Objects.Count > 0);
        if (pool.Images.Count < 2)
        {
            return (pool, null, "there is only one image" + remark);
        }

        if (labeled == 1)
        {
            return (pool, null, "there is only one image with objects" + remark);
        }

        return (
            SeededSplit.ApplyWithObjects(pool, HoldOutFraction, seed: 0),
            DatasetSplit.Val,
            $"no val split: holding out {HoldOutFraction:P0} of the images (by file-name hash) for evaluation{remark}");
    }

    private static bool HasImages(DetectionDataset dataset, DatasetSplit split) => dataset.Images.Any(image => image.Split == split);

    private static string GetSplitName(DatasetSplit eval) => eval == DatasetSplit.Test ? "test" : "val";

    private static DatasetException CreateUnlabeledError(DetectionDataset eval, DatasetSplit split) => new(
        $"{eval.Name}: its {GetSplitName(split)} split ({Quantity.Format(eval.Images.Count, "image")}) has no labeled objects to evaluate on. "
        + $"Label it, or remove the split to hold out {HoldOutFraction:P0} of the training images.");

    private static TrainEvalSplit CreateChecked(DetectionDataset train, DetectionDataset eval, string evalName, string reason, string? warning = null)
    {
        if (train.NonCrowdCount == 0)
        {
            throw new DatasetException(
                $"{train.Name}: no labeled objects to train on ({train.Images.Count} training images{FormatCrowds(train)}; {reason}). Add annotations.");
        }

        return eval.NonCrowdCount > 0
            ? new TrainEvalSplit(train, eval, evalName, reason, warning)
            : throw new DatasetException(
                $"{train.Name}: no labeled objects to evaluate on ({Quantity.Format(eval.Images.Count, "image")}{FormatCrowds(eval)}; {reason}). Add images, or a val split.");
    }

    private static string FormatCrowds(DetectionDataset dataset) =>
        dataset.ObjectCount == 0 ? "" : $" with {dataset.ObjectCount} objects, all of them crowds (iscrowd)";
}
