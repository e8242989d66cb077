namespace FocalSharp.Torch.Losses;

/// <summary>How <see cref="IouLoss"/> turns an IoU into a loss.</summary>
public enum IouLossMode
{
    /// <summary><c>−log(IoU)</c> (UnitBox, official default).</summary>
    Log,

    /// <summary><c>1 − IoU</c>.</summary>
    Linear,

    /// <summary><c>1 − IoU²</c>.</summary>
    Square,
}
