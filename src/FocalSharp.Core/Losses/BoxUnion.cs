using System.Numerics;
using System.Runtime.InteropServices;

namespace FocalSharp.Losses;

/// <summary>The union of two boxes, bounded away from 0 in one of the two official ways.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct BoxUnion<T>
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly T _overlap;
    private readonly T _share;

    private BoxUnion(T overlap, T area, T share)
    {
        _overlap = overlap;
        _share = share;
        Area = area;
        Iou = overlap / area;
    }

    /// <summary>Gets the area.</summary>
    public T Area { get; }

    /// <summary>Gets the intersection divided by the area.</summary>
    public T Iou { get; }

    /// <summary>Returns max(union, floor).</summary>
    public static BoxUnion<T> CreateClamped(in BoxAxis<T> x, in BoxAxis<T> y, T floor)
    {
        T overlap = x.Overlap * y.Overlap;
        T area = (x.Size * y.Size) + (x.TargetSize * y.TargetSize) - overlap;
        return new(overlap, T.Max(area, floor), GradientShare(area, floor));
    }

    /// <summary>Returns union + extra.</summary>
    public static BoxUnion<T> CreateOffset(in BoxAxis<T> x, in BoxAxis<T> y, T extra)
    {
        T overlap = x.Overlap * y.Overlap;
        return new(overlap, (x.Size * y.Size) + (x.TargetSize * y.TargetSize) - overlap + extra, T.One);
    }

    /// <summary>Returns the derivative of max(value, floor) by the value; half if they are equal.</summary>
    public static T GradientShare(T value, T floor) => value > floor ? T.One : value < floor ? T.Zero : T.CreateChecked(0.5);

    /// <summary>Computes the derivatives by the areas from those by the IoU and by the union itself.</summary>
    public BoxPartials<T> Backward(T iou, T union)
    {
        T area = (union - (iou * _overlap / (Area * Area))) * _share;
        return new() { Area = area, TargetArea = area, Overlap = (iou / Area) - area };
    }
}
