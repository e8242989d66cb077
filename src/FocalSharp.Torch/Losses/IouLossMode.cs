namespace FocalSharp.Torch.Losses;

/// <summary>The function of the IoU in <see cref="IouLoss"/>.</summary>
public enum IouLossMode
{
    /// <summary><c>−log(IoU)</c> (UnitBox, official default).</summary>
    Log,

    /// <summary><c>1 − IoU</c>.</summary>
    Linear,

    /// <summary><c>1 − IoU²</c>.</summary>
    Square,
}
