namespace FocalSharp.Torch.Losses;

/// <summary>The reduction of a loss per element.</summary>
public enum LossReduction
{
    /// <summary>No reduction: one loss per element.</summary>
    None,

    /// <summary>The mean; with an averaging factor, the sum divided by the factor.</summary>
    Mean,

    /// <summary>The sum.</summary>
    Sum,
}
