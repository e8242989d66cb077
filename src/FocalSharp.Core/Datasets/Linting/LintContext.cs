using FocalSharp.Datasets.Linting.Copies;

namespace FocalSharp.Datasets.Linting;

/// <summary>The input of the lint rules. Safe to read from several threads.</summary>
public sealed class LintContext
{
    private readonly Lazy<DuplicateMap> _duplicates;
    private readonly Lazy<int[][]> _objectsBySplit;

    /// <summary>Creates a context.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="options">The check options.</param>
    /// <param name="fingerprints">One fingerprint per image, in order; null if the images were not decoded.</param>
    internal LintContext(DetectionDataset dataset, DatasetCheckOptions options, IReadOnlyList<ImageFingerprint>? fingerprints = null)
    {
        if (fingerprints is not null && fingerprints.Count != dataset.Images.Count)
        {
            throw new ArgumentException(
                $"{fingerprints.Count} fingerprints for {dataset.Images.Count} images; pass one per image.", nameof(fingerprints));
        }

        Dataset = dataset;
        Options = options;
        Fingerprints = fingerprints;
        _duplicates = new(() => DuplicateFinder.Find(dataset.Images, fingerprints ?? []));
        _objectsBySplit = new(() => CountObjects(dataset));
    }

    /// <summary>Gets the data set.</summary>
    public DetectionDataset Dataset { get; }

    /// <summary>Gets the check options, including the settings of the model.</summary>
    public DatasetCheckOptions Options { get; }

    /// <summary>Gets one fingerprint per image, in order; null if the images were not decoded.</summary>
    internal IReadOnlyList<ImageFingerprint>? Fingerprints { get; }

    /// <summary>Gets which images are copies of others; empty if the images were not decoded.</summary>
    internal DuplicateMap Duplicates => _duplicates.Value;

    /// <summary>Gets the number of objects by split and label, without crowds.</summary>
    internal int[][] ObjectsBySplit => _objectsBySplit.Value;

    /// <summary>Returns every object that is used for training, with its image and its position in it.</summary>
    internal IEnumerable<(DatasetImage Image, int Index, ObjectAnnotation Item)> EnumerateTargets()
    {
        foreach (DatasetImage image in Dataset.Images)
        {
            for (int i = 0; i < image.Objects.Count; i++)
            {
                if (image.Objects[i] is { IsCrowd: false, IsIgnored: false } item)
                {
                    yield return (image, i, item);
                }
            }
        }
    }

    /// <summary>Returns the number of training objects of a class: those of the train split or, without one, those of no split.</summary>
    internal int CountTrainObjects(int label) => ObjectsBySplit[(int)GetTrainSplit(Dataset)][label];

    /// <summary>Returns the split that training uses: train or, without one, the images of no split.</summary>
    internal static DatasetSplit GetTrainSplit(DetectionDataset dataset) =>
        dataset.Images.Any(image => image.Split == DatasetSplit.Train) ? DatasetSplit.Train : DatasetSplit.Unassigned;

    /// <summary>Returns the number of evaluation objects of a class: those of the val and test splits.</summary>
    internal int CountEvalObjects(int label) => ObjectsBySplit[(int)DatasetSplit.Val][label] + ObjectsBySplit[(int)DatasetSplit.Test][label];

    /// <summary>Gets whether the data set has both a train split and an evaluation split.</summary>
    internal bool IsSplit => Array.Exists(ObjectsBySplit[(int)DatasetSplit.Train], count => count > 0)
        && (Array.Exists(ObjectsBySplit[(int)DatasetSplit.Val], count => count > 0)
            || Array.Exists(ObjectsBySplit[(int)DatasetSplit.Test], count => count > 0));

    private static int[][] CountObjects(DetectionDataset dataset)
    {
        int[][] counts = [.. Enum.GetValues<DatasetSplit>().Select(_ => new int[dataset.Classes.Count])];
        foreach (DatasetImage image in dataset.Images)
        {
            foreach (ObjectAnnotation item in image.Objects)
            {
                counts[(int)image.Split][item.Label] += item.IsCrowd ? 0 : 1;
            }
        }

        return counts;
    }
}
