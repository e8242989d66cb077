namespace FocalSharp.Detections.Tiling;

/// <summary>Sides of a box.</summary>
[Flags]
internal enum Sides
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The left side.</summary>
    Left = 1,

    /// <summary>The top side.</summary>
    Top = 2,

    /// <summary>The right side.</summary>
    Right = 4,

    /// <summary>The bottom side.</summary>
    Bottom = 8,
}
