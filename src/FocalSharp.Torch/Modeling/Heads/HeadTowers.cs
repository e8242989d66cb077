namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>Whether class scores and box sides climb one tower or two.</summary>
public enum HeadTowers
{
    /// <summary>One tower for the classes, one for the sides (official GFL).</summary>
    Separate,

    /// <summary>One tower for both (NanoDet).</summary>
    Shared,
}
