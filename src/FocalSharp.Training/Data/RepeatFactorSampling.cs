using FocalSharp.Datasets;

namespace FocalSharp.Training.Data;

/// <summary>How often images are seen so that rare classes are learned (LVIS, arXiv 1908.03195, section 4.2).</summary>
public static class RepeatFactorSampling
{
    /// <summary>The repeat factor of each image: the largest of its classes' max(1, √(threshold / share of images with the class)).</summary>
    /// <param name="dataset">Training images.</param>
    /// <param name="threshold">Share of the images below which a class is rare, above 0.</param>
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
