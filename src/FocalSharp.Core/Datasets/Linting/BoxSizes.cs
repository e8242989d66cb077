namespace FocalSharp.Datasets.Linting;

/// <summary>The sizes of the boxes of a data set.</summary>
/// <param name="InputSize">The input size to which the quantiles refer.</param>
/// <param name="Width">Widths at the input size, in pixels.</param>
/// <param name="Height">Heights at the input size, in pixels.</param>
/// <param name="Scale">Square roots of width times height at the input size, in pixels.</param>
/// <param name="AspectRatio">Widths over heights.</param>
/// <param name="Small">Fraction with an area below 32² px in the original image (COCO's APs).</param>
/// <param name="Medium">Fraction with an area from 32² to 96² px in the original image (COCO's APm).</param>
/// <param name="Large">Fraction with an area above 96² px in the original image (COCO's APl).</param>
/// <param name="SmallAtInput">Fraction below 32² px at the input size.</param>
/// <param name="MediumAtInput">Fraction from 32² to 96² px at the input size.</param>
/// <param name="LargeAtInput">Fraction above 96² px at the input size.</param>
internal sealed record BoxSizes(
    int InputSize,
    Quantiles Width,
    Quantiles Height,
    Quantiles Scale,
    Quantiles AspectRatio,
    double Small,
    double Medium,
    double Large,
    double SmallAtInput,
    double MediumAtInput,
    double LargeAtInput);

/// <summary>Quantiles of a sample, interpolated linearly; all 0 for an empty sample.</summary>
/// <param name="Min">The minimum.</param>
/// <param name="P5">The 5 % quantile.</param>
/// <param name="P25">The 25 % quantile.</param>
/// <param name="P50">The median.</param>
/// <param name="P75">The 75 % quantile.</param>
/// <param name="P95">The 95 % quantile.</param>
/// <param name="Max">The maximum.</param>
internal sealed record Quantiles(double Min, double P5, double P25, double P50, double P75, double P95, double Max)
{
    /// <summary>Computes the quantiles of a sample in any order.</summary>
    public static Quantiles Compute(IEnumerable<double> sample)
    {
        double[] sorted = [.. sample.Order()];
        return sorted.Length == 0 ? new Quantiles(0, 0, 0, 0, 0, 0, 0) : new Quantiles(
            At(0), At(0.05), At(0.25), At(0.5), At(0.75), At(0.95), At(1));

        double At(double share)
        {
            double place = share * (sorted.Length - 1);
            int below = (int)place;
            int above = Math.Min(below + 1, sorted.Length - 1);
            return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
        }
    }
}
