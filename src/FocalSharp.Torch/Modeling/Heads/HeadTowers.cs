namespace FocalSharp.Torch.Modeling.Heads;

/// <summary>The towers of a head.</summary>
public enum HeadTowers
{
    /// <summary>One tower for class scores, one for box sides (official GFL).</summary>
    Separate,

    /// <summary>One tower for both (NanoDet).</summary>
    Shared,
}
