namespace FocalSharp.Torch.Losses;

/// <summary>How a loss per element becomes the result.</summary>
public enum LossReduction
{
    /// <summary>Every element's loss is kept.</summary>
    None,

    /// <summary>The mean; with an averaging factor, the sum divided by it.</summary>
    Mean,

    /// <summary>The sum.</summary>
    Sum,
}
