namespace FocalSharp.Imaging.Resizing;

/// <summary>Specifies the interpolation of a resize.</summary>
internal enum ResizeFilter
{
    /// <summary>Bilinear, equal to OpenCV's INTER_LINEAR: what the official pipeline and published weights expect.</summary>
    Bilinear,

    /// <summary>Mean over the covered area when shrinking (no aliasing), bilinear when enlarging: for shrinking by a large factor.</summary>
    Area,
}
