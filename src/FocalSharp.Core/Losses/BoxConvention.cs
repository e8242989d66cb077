namespace FocalSharp.Losses;

/// <summary>What a box's corners mean.</summary>
public enum BoxConvention
{
    /// <summary>Half-open: width is x2 − x1, as in mmdetection and everywhere else in FocalSharp.</summary>
    HalfOpen,

    /// <summary>
    /// Both corners are pixels within: width is x2 − x1 + 1, as in the first official release, which also adds its eps to the
    /// union and the enclosing area of GIoU instead of taking the larger. IoU and GIoU only.
    /// </summary>
    InclusivePixels,
}
