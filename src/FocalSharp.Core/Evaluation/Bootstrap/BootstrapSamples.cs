namespace FocalSharp.Evaluation.Bootstrap;

/// <summary>AP in every resample of the images; NaN where it is undefined, because no object was drawn.</summary>
/// <param name="ByThreshold">By IoU threshold and resample: the mean over classes.</param>
/// <param name="ByClass">By class and resample: the mean over IoU thresholds.</param>
internal sealed record BootstrapSamples(double[][] ByThreshold, double[][] ByClass)
{
    /// <summary>Gets AP, the mean over classes and IoU thresholds, of each resample.</summary>
    public double[] AP { get; } =
        [.. Enumerable.Range(0, ByThreshold[0].Length).Select(b => ByThreshold.Average(samples => samples[b]))];
}
