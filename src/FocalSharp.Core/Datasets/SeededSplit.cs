using System.Text;

namespace FocalSharp.Datasets;

/// <summary>
/// Splits images into training and validation by a seed. The split of an image depends on the seed and its file name only, not on the order
/// of files, the machine or the format, and adding a few images moves few others.
/// </summary>
internal static class SeededSplit
{
    /// <summary>Splits all images outside the test split; their previous train and val splits are discarded.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="valFraction">Fraction for validation, between 0 and 1; rounded to whole images, at least one if there are
    /// two.</param>
    /// <param name="seed">The seed; the same seed gives the same split.</param>
    /// <exception cref="OptionException">The fraction is not between 0 and 1.</exception>
    /// <exception cref="DatasetException">There are fewer than two images to split.</exception>
    public static DetectionDataset Apply(DetectionDataset dataset, double valFraction, ulong seed)
    {
        if (!(valFraction > 0 && valFraction < 1))
        {
            throw new OptionException(
                $"The fraction of images for validation is {valFraction}. Use a number between 0 and 1, such as 0.2.")
            { OptionName = nameof(valFraction) };
        }

        DatasetImage[] assigned =
        [
            .. dataset.Images.Where(image => image.Split != DatasetSplit.Test)
                .OrderBy(image => Rank(image.FileName, seed))
                .ThenBy(image => image.FileName, StringComparer.Ordinal).ThenBy(image => image.Path, StringComparer.Ordinal),
        ];
        if (assigned.Length < 2)
        {
            throw new DatasetException(
                $"{dataset.Name}: {assigned.Length} image outside the test split cannot be split into training and validation. "
                + "Add images, or define the splits in the files.");
        }

        int count = Math.Clamp((int)Math.Round(assigned.Length * valFraction), 1, assigned.Length - 1);
        HashSet<DatasetImage> val = new(assigned.Take(count), ReferenceEqualityComparer.Instance);
        return dataset with
        {
            Images =
            [
                .. dataset.Images.Select(image => image.Split == DatasetSplit.Test
                    ? image
                    : image with { Split = val.Contains(image) ? DatasetSplit.Val : DatasetSplit.Train }),
            ],
        };
    }

    /// <summary>
    /// Splits all images outside the test split, so that both parts contain objects if at least two images have some: where chance gives
    /// one part none, it gets the first image with objects of the other.
    /// </summary>
    /// <inheritdoc cref="Apply"/>
    public static DetectionDataset ApplyWithObjects(DetectionDataset dataset, double valFraction, ulong seed)
    {
        DetectionDataset split = Apply(dataset, valFraction, seed);
        DatasetImage[] labeled = [.. split.Images.Where(image => image.Split != DatasetSplit.Test && image.Objects.Count > 0)];
        if (labeled.Length < 2 || labeled.Any(image => image.Split != labeled[0].Split))
        {
            return split;
        }

        DatasetImage moved = labeled.OrderBy(image => Rank(image.FileName, seed)).ThenBy(image => image.Path, StringComparer.Ordinal).First();
        DatasetSplit other = moved.Split == DatasetSplit.Val ? DatasetSplit.Train : DatasetSplit.Val;
        return split with { Images = [.. split.Images.Select(image => ReferenceEquals(image, moved) ? image with { Split = other } : image)] };
    }

    // FNV-1a over the name, started from the seed, then SplitMix64's finalizer: names that differ in one digit get unrelated ranks.
    private static ulong Rank(string fileName, ulong seed)
    {
        ulong hash = 0xcbf29ce484222325UL ^ SplitMix64.Mix(seed + SplitMix64.Increment);
        foreach (byte value in Encoding.UTF8.GetBytes(fileName))
        {
            hash = (hash ^ value) * 0x100000001b3UL;
        }

        return SplitMix64.Mix(hash);
    }
}
