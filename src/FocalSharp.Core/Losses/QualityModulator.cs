namespace FocalSharp.Losses;

/// <summary>The form of the modulating factor of the quality focal loss, a function of the distance y − σ.</summary>
public enum QualityModulator
{
    /// <summary>|y − σ|^β, as in the paper and in mmdetection.</summary>
    Absolute,

    /// <summary>
    /// (y − σ)^β at positives, as in the first official release: for odd integer β the
    /// sign is retained. For fractional β that release gave NaN; here it is |y − σ|^β.
    /// </summary>
    Signed,
}
