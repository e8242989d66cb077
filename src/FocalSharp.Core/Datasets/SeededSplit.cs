using System.Text;

namespace FocalSharp.Datasets;

/// <summary>
/// Deals images to training and validation by a seed. An image's place hangs on the seed and its file name alone, so the order
/// of files, of machines and of formats does not matter, and a few new images move few old ones.
/// </summary>
public static class SeededSplit
{
    /// <summary>Deals all images that are not in the test split anew; their former train and val are forgotten.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="valFraction">Share for validation, above 0 and below 1; rounded to whole images, at least one where there are
    /// two.</param>
    /// <param name="seed">The seed; the same seed gives the same split.</param>
    /// <exception cref="FocalSharpException">The share is not between 0 and 1, or there are fewer than two images to
    /// deal.</exception>
    public static DetectionDataset Apply(DetectionDataset dataset, double valFraction, ulong seed)
    {
        if (!(valFraction > 0 && valFraction < 1))
        {
            throw new FocalSharpException(
                $"The share of images for validation is {valFraction}; give a number between 0 and 1, such as 0.2.");
        }

        DatasetImage[] assigned =
        [
            .. dataset.Images.Where(image => image.Split != DatasetSplit.Test)
                .OrderBy(image => Rank(image.FileName, seed))
                .ThenBy(image => image.FileName, StringComparer.Ordinal).ThenBy(image => image.Path, StringComparer.Ordinal),
        ];
        if (assigned.Length < 2)
        {
            throw new FocalSharpException(
                $"{dataset.Name}: {assigned.Length} image outside the test split cannot be dealt to training and validation; "
                + "add images or give the splits in files.");
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

    // FNV-1a over the name, started from the seed, then SplitMix64's finaliser: names that differ in one digit land far apart.
    private static ulong Rank(string fileName, ulong seed)
    {
        ulong hash = 0xcbf29ce484222325UL ^ Mix(seed + 0x9E3779B97F4A7C15UL);
        foreach (byte value in Encoding.UTF8.GetBytes(fileName))
        {
            hash = (hash ^ value) * 0x100000001b3UL;
        }

        return Mix(hash);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
