namespace FocalSharp.Losses;

/// <summary>The losses of the IoU family, where <c>I</c> is the intersection over union.</summary>
public enum BoxLossKind
{
    /// <summary>−log I.</summary>
    IouLog,

    /// <summary>1 − I.</summary>
    IouLinear,

    /// <summary>1 − I².</summary>
    IouSquare,

    /// <summary>GIoU: 1 − I + the fraction of the enclosing box that neither box covers (arXiv 1902.09630). Used by GFL.</summary>
    Giou,

    /// <summary>DIoU: 1 − I + the squared center distance over the squared diagonal of the enclosing box (arXiv 1911.08287).</summary>
    Diou,

    /// <summary>CIoU: DIoU plus a term for different aspect ratios (arXiv 1911.08287).</summary>
    Ciou,
}
