namespace FocalSharp.Imaging.Resizing;

/// <summary>How pixels are interpolated.</summary>
public enum ResizeFilter
{
    /// <summary>Two by two neighbours, equal to OpenCV's INTER_LINEAR: what the official pipeline and published weights expect.</summary>
    Bilinear,

    /// <summary>Mean over the covered area when shrinking (no aliasing), bilinear when enlarging: for strong shrinking.</summary>
    Area,
}
