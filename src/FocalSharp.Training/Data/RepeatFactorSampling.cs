using FocalSharp.Datasets;

namespace FocalSharp.Training.Data;

/// <summary>Repeat-factor sampling for rare classes (LVIS, arXiv 1908.03195, section 4.2).</summary>
internal static class RepeatFactorSampling
{
    /// <summary>Computes the repeat factor of each image: the largest of max(1, √(threshold / fraction of images with the class)) over its classes.</summary>
    /// <param name="dataset">Training images.</param>
    /// <param name="threshold">Fraction of the images below which a class is rare, above 0.</param>
    public static double[] ComputeRepeatFactors(DetectionDataset dataset, double threshold)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threshold);
        int[][] classes = [.. dataset.Images.Select(image => image.Objects.Where(item => !item.IsCrowd).Select(item => item.Label).Distinct().ToArray())];
        Dictionary<int, int> images = classes.SelectMany(labels => labels).CountBy(label => label).ToDictionary();
        return
        [
            .. classes.Select(labels => labels
                .Select(label => Math.Sqrt(threshold * dataset.Images.Count / images[label]))
                .Append(1)
                .Max()),
        ];
    }
}
