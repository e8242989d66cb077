namespace FocalSharp.Losses;

/// <summary>The losses of the IoU family; <c>I</c> is the intersection over union.</summary>
public enum BoxLossKind
{
    /// <summary>−log I.</summary>
    IouLog,

    /// <summary>1 − I.</summary>
    IouLinear,

    /// <summary>1 − I².</summary>
    IouSquare,

    /// <summary>1 − I + the share of the enclosing box that neither covers (arXiv 1902.09630). GFL's own.</summary>
    Giou,

    /// <summary>1 − I + squared distance of the centres over the enclosing box's squared diagonal (arXiv 1911.08287).</summary>
    Diou,

    /// <summary>DIoU's plus a term for unlike aspect ratios (arXiv 1911.08287).</summary>
    Ciou,
}
