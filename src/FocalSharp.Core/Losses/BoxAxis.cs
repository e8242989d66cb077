using System.Numerics;
using System.Runtime.InteropServices;

namespace FocalSharp.Losses;

/// <summary>
/// The lengths of two boxes along one axis, with their derivatives by the four edges. Where two edges are equal, or a length is 0, the
/// derivative is that of autograd: half for each of two equal edges, and 1 for a length clamped at exactly 0.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct BoxAxis<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly T _p1;
    private readonly T _p2;
    private readonly T _g1;
    private readonly T _g2;
    private readonly bool _overlaps;
    private readonly bool _encloses;

    public BoxAxis(T p1, T p2, T g1, T g2, T pixel)
    {
        _p1 = p1;
        _p2 = p2;
        _g1 = g1;
        _g2 = g2;
        Size = p2 - p1 + pixel;
        TargetSize = g2 - g1 + pixel;
        T inner = T.Min(p2, g2) - T.Max(p1, g1) + pixel;
        T outer = T.Max(p2, g2) - T.Min(p1, g1) + pixel;
        _overlaps = inner >= T.Zero;
        _encloses = outer >= T.Zero;
        Overlap = T.Max(inner, T.Zero);
        Enclosure = T.Max(outer, T.Zero);
        CenterShift = g1 + g2 - (p1 + p2);
    }

    /// <summary>Gets the length of the predicted box.</summary>
    public T Size { get; }

    /// <summary>Gets the length of the target.</summary>
    public T TargetSize { get; }

    /// <summary>Gets the length of the intersection.</summary>
    public T Overlap { get; }

    /// <summary>Gets the length from the first edge to the last.</summary>
    public T Enclosure { get; }

    /// <summary>Gets twice the target's center minus twice the predicted center.</summary>
    public T CenterShift { get; }

    /// <summary>Computes the derivatives by the edges from those by the five lengths.</summary>
    public (T P1, T P2, T G1, T G2) Backward(T size, T targetSize, T overlap, T enclosure, T centerShift)
    {
        T inner = _overlaps ? overlap : T.Zero;
        T outer = _encloses ? enclosure : T.Zero;
        T firstIsP = GradientShare(_p1, _g1);
        T lastIsP = GradientShare(_p2, _g2);
        return (
            -size - (inner * firstIsP) - (outer * (T.One - firstIsP)) - centerShift,
            size + (inner * (T.One - lastIsP)) + (outer * lastIsP) - centerShift,
            -targetSize - (inner * (T.One - firstIsP)) - (outer * firstIsP) + centerShift,
            targetSize + (inner * lastIsP) + (outer * (T.One - lastIsP)) + centerShift);
    }

    /// <summary>Returns the derivative of max(a, b) by a.</summary>
    private static T GradientShare(T a, T b) => a > b ? T.One : a < b ? T.Zero : T.CreateChecked(0.5);
}
