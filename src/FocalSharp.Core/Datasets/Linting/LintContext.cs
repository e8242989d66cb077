using FocalSharp.Datasets.Linting.Copies;

namespace FocalSharp.Datasets.Linting;

/// <summary>What the rules look at. Several rules read it at once; what they share is computed once.</summary>
public sealed class LintContext
{
    private readonly Lazy<DuplicateMap> _duplicates;
    private readonly Lazy<int[][]> _objectsBySplit;

    /// <summary>Makes a context.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="options">The model that it is checked against.</param>
    /// <param name="fingerprints">A fingerprint for each image in order, or null where no picture was decoded.</param>
    public LintContext(DetectionDataset dataset, DatasetCheckOptions options, IReadOnlyList<ImageFingerprint>? fingerprints = null)
    {
        if (fingerprints is not null && fingerprints.Count != dataset.Images.Count)
        {
            throw new ArgumentException(
                $"{fingerprints.Count} fingerprints for {dataset.Images.Count} images; give one for each.", nameof(fingerprints));
        }

        Dataset = dataset;
        Options = options;
        Fingerprints = fingerprints;
        _duplicates = new(() => DuplicateFinder.Find(dataset.Images, fingerprints ?? []));
        _objectsBySplit = new(() => CountObjects(dataset));
    }

    /// <summary>The data set.</summary>
    public DetectionDataset Dataset { get; }

    /// <summary>The model that it is checked against.</summary>
    public DatasetCheckOptions Options { get; }

    /// <summary>What is known of each image's pixels; null where no picture was decoded.</summary>
    public IReadOnlyList<ImageFingerprint>? Fingerprints { get; }

    /// <summary>Which images are copies of which; empty where no picture was decoded.</summary>
    internal DuplicateMap Duplicates => _duplicates.Value;

    /// <summary>Objects, crowds aside, by split and label.</summary>
    internal int[][] ObjectsBySplit => _objectsBySplit.Value;

    /// <summary>Every object that is trained on, with its image and its place in it.</summary>
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

    /// <summary>Objects of a class that are trained on: those of the train split, or of no split where there is none.</summary>
    internal int CountTrainObjects(int label) => ObjectsBySplit[(int)DatasetSplit.Train][label] + ObjectsBySplit[(int)DatasetSplit.Unassigned][label];

    /// <summary>Objects of a class that judge: those of val and test.</summary>
    internal int CountEvalObjects(int label) => ObjectsBySplit[(int)DatasetSplit.Val][label] + ObjectsBySplit[(int)DatasetSplit.Test][label];

    /// <summary>Whether images are put into parts, some to train on and some to judge by.</summary>
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
