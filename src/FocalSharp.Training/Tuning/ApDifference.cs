using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Training.Tuning;

/// <summary>The difference between the APs of two detectors on the same images, with its standard error.</summary>
/// <param name="Difference">The second AP minus the first.</param>
/// <param name="StandardError">
/// The standard error of the difference by the delete-a-group jackknife over images (Efron and Tibshirani, An Introduction to the Bootstrap,
/// chapter 11): √((g − 1)/g · Σ(dᵢ − d̄)²).
/// </param>
internal readonly record struct ApDifference(double Difference, double StandardError)
{
    private const int MaxGroups = 20;

    /// <summary>The standard errors that an improvement must exceed to be significant: a confidence of 97.7 % if errors are normal.</summary>
    private const double SignificantErrors = 2;

    /// <summary>Gets whether the second detector is significantly better.</summary>
    public bool IsSignificantImprovement => Difference > SignificantErrors * StandardError;

    /// <summary>Compares two detectors.</summary>
    /// <param name="images">Labeled images.</param>
    /// <param name="first">The first detector's detections of each image.</param>
    /// <param name="second">The second detector's detections of each image.</param>
    public static ApDifference Compute(
        DetectionDataset images, IReadOnlyList<IReadOnlyList<Detection>> first, IReadOnlyList<IReadOnlyList<Detection>> second)
    {
        double all = Subtract(images, first, second);
        int groups = Math.Min(MaxGroups, images.Images.Count);
        if (groups < 2)
        {
            return new ApDifference(all, double.PositiveInfinity);
        }

        double[] left = new double[groups];
        for (int group = 0; group < groups; group++)
        {
            int[] rest = [.. Enumerable.Range(0, images.Images.Count).Where(i => i % groups != group)];
            left[group] = Subtract(
                images with { Images = [.. rest.Select(i => images.Images[i])] }, [.. rest.Select(i => first[i])], [.. rest.Select(i => second[i])]);
        }

        double mean = left.Average();
        return new ApDifference(all, Math.Sqrt((groups - 1d) / groups * left.Sum(one => (one - mean) * (one - mean))));
    }

    /// <summary>Compares two detectors' detections of one class.</summary>
    /// <param name="images">Labeled images.</param>
    /// <param name="label">The class.</param>
    /// <param name="first">The first detector's detections of each image.</param>
    /// <param name="second">The second detector's detections of each image.</param>
    public static ApDifference ComputeForClass(
        DetectionDataset images, int label, IReadOnlyList<IReadOnlyList<Detection>> first, IReadOnlyList<IReadOnlyList<Detection>> second) => Compute(
            ClassMatches.SelectClass(images, label),
            [.. first.Select(found => ClassMatches.SelectLabel(found, label))],
            [.. second.Select(found => ClassMatches.SelectLabel(found, label))]);

    private static double Subtract(
        DetectionDataset images, IReadOnlyList<IReadOnlyList<Detection>> first, IReadOnlyList<IReadOnlyList<Detection>> second)
    {
        double before = CocoEvaluator.Evaluate(images, first).AP;
        double after = CocoEvaluator.Evaluate(images, second).AP;
        return before < 0 || after < 0 ? 0 : after - before; // −1 where a part has no objects
    }
}
