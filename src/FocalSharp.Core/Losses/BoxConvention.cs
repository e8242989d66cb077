namespace FocalSharp.Losses;

/// <summary>The meaning of a box's corners.</summary>
public enum BoxConvention
{
    /// <summary>Half-open: width is x2 − x1, as in mmdetection and the rest of FocalSharp.</summary>
    HalfOpen,

    /// <summary>
    /// Inclusive: width is x2 − x1 + 1, as in the first official release, which also adds its epsilon to the
    /// union and the enclosing area of GIoU instead of taking the maximum. Supported for IoU and GIoU only.
    /// </summary>
    InclusivePixels,
}
