namespace FocalSharp.Losses;

/// <summary>How the distance y − σ enters quality focal loss.</summary>
public enum QualityModulator
{
    /// <summary>|y − σ|^β, the paper's and mmdetection's.</summary>
    Absolute,

    /// <summary>
    /// (y − σ)^β at positives, as the first official release computed it: with odd whole β the
    /// sign stays. With a fractional β that release gave NaN; here it is |y − σ|^β.
    /// </summary>
    Signed,
}
