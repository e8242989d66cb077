namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>The rounding of scaled channel counts in MobileNets and the networks after them.</summary>
internal static class MobileWidth
{
    /// <summary>
    /// Returns the multiple of a divisor that is nearest to a number, at least the divisor, and never more than a tenth below the
    /// number.
    /// </summary>
    public static int Round(double channels, int divisor)
    {
        int rounded = Math.Max(divisor, (int)(channels + (divisor / 2.0)) / divisor * divisor);
        return rounded < 0.9 * channels ? rounded + divisor : rounded;
    }
}
