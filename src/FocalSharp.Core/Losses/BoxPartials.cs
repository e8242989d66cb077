using System.Runtime.InteropServices;

namespace FocalSharp.Losses;

/// <summary>A box loss and its derivatives by the areas and lengths from which it is computed.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BoxPartials<T>(
    T Loss,
    T Area,
    T TargetArea,
    T Overlap,
    T EnclosureX,
    T EnclosureY,
    T CenterX,
    T CenterY,
    T Width,
    T Height,
    T TargetWidth,
    T TargetHeight)
    where T : struct;
