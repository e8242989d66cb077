using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Geometry;

/// <summary>Sixteen boxes, edge by edge, for vector code.</summary>
internal readonly struct BoxColumns(Vector512<float> x1, Vector512<float> y1, Vector512<float> x2, Vector512<float> y2)
{
    /// <summary>How many boxes.</summary>
    public const int Count = 16;

    /// <summary>Left edges.</summary>
    public Vector512<float> X1 { get; } = x1;

    /// <summary>Top edges.</summary>
    public Vector512<float> Y1 { get; } = y1;

    /// <summary>Right edges.</summary>
    public Vector512<float> X2 { get; } = x2;

    /// <summary>Bottom edges.</summary>
    public Vector512<float> Y2 { get; } = y2;

    /// <summary>The boxes' areas.</summary>
    public Vector512<float> Area
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (X2 - X1) * (Y2 - Y1);
    }

    private static Vector512<int> Transposed => Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);

    /// <summary>One box sixteen times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoxColumns Repeat(Box box) => new(Vector512.Create(box.X1), Vector512.Create(box.Y1), Vector512.Create(box.X2), Vector512.Create(box.Y2));

    /// <summary>Reads sixteen boxes <c>xyxy</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoxColumns Load(ref readonly float boxes)
    {
        // Four boxes a vector: in each the like edges go side by side, then quarters of like edges come together.
        Vector512<float> a = Vector512.Shuffle(Vector512.LoadUnsafe(in boxes), Transposed);
        Vector512<float> b = Vector512.Shuffle(Vector512.LoadUnsafe(in boxes, Count), Transposed);
        Vector512<float> c = Vector512.Shuffle(Vector512.LoadUnsafe(in boxes, 2 * Count), Transposed);
        Vector512<float> d = Vector512.Shuffle(Vector512.LoadUnsafe(in boxes, 3 * Count), Transposed);
        return Quarters(a, b, c, d);
    }

    /// <summary>Writes sixteen boxes <c>xyxy</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float boxes)
    {
        BoxColumns fours = Quarters(X1, Y1, X2, Y2);
        Vector512.Shuffle(fours.X1, Transposed).StoreUnsafe(ref boxes);
        Vector512.Shuffle(fours.Y1, Transposed).StoreUnsafe(ref boxes, Count);
        Vector512.Shuffle(fours.X2, Transposed).StoreUnsafe(ref boxes, 2 * Count);
        Vector512.Shuffle(fours.Y2, Transposed).StoreUnsafe(ref boxes, 3 * Count);
    }

    /// <summary>IoU of each box with that of the other columns; NaN where both are empty.</summary>
    /// <param name="other">As many boxes.</param>
    /// <param name="area">These boxes' areas, which a loop knows already.</param>
    /// <param name="otherArea">The others'.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Iou(BoxColumns other, Vector512<float> area, Vector512<float> otherArea)
    {
        Vector512<float> width = Vector512.Min(X2, other.X2) - Vector512.Max(X1, other.X1);
        Vector512<float> height = Vector512.Min(Y2, other.Y2) - Vector512.Max(Y1, other.Y1);
        Vector512<float> inter = Vector512.Max(width, Vector512<float>.Zero) * Vector512.Max(height, Vector512<float>.Zero);
        return inter / (area + otherArea - inter);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static BoxColumns Quarters(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d) => new(
        Join(a.GetLower().GetLower(), b.GetLower().GetLower(), c.GetLower().GetLower(), d.GetLower().GetLower()),
        Join(a.GetLower().GetUpper(), b.GetLower().GetUpper(), c.GetLower().GetUpper(), d.GetLower().GetUpper()),
        Join(a.GetUpper().GetLower(), b.GetUpper().GetLower(), c.GetUpper().GetLower(), d.GetUpper().GetLower()),
        Join(a.GetUpper().GetUpper(), b.GetUpper().GetUpper(), c.GetUpper().GetUpper(), d.GetUpper().GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Join(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) =>
        Vector512.Create(Vector256.Create(a, b), Vector256.Create(c, d));
}
