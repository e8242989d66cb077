using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Boxes;

/// <summary>
/// Eight boxes, edge by edge, for vector code: 256 bits, since where a processor has no wider vectors each operation on such a one is a call, and suppression
/// was a tenth as fast.
/// </summary>
internal readonly struct BoxVector8(Vector256<float> x1, Vector256<float> y1, Vector256<float> x2, Vector256<float> y2)
{
    /// <summary>How many boxes.</summary>
    public const int Count = 8;

    /// <summary>Left edges.</summary>
    public Vector256<float> X1 { get; } = x1;

    /// <summary>Top edges.</summary>
    public Vector256<float> Y1 { get; } = y1;

    /// <summary>Right edges.</summary>
    public Vector256<float> X2 { get; } = x2;

    /// <summary>Bottom edges.</summary>
    public Vector256<float> Y2 { get; } = y2;

    /// <summary>The boxes' areas.</summary>
    public Vector256<float> Area
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (X2 - X1) * (Y2 - Y1);
    }

    /// <summary>One box eight times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoxVector8 Broadcast(Box box) => new(Vector256.Create(box.X1), Vector256.Create(box.Y1), Vector256.Create(box.X2), Vector256.Create(box.Y2));

    /// <summary>Reads eight boxes <c>xyxy</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoxVector8 Load(ref readonly float boxes)
    {
        // Two boxes a vector: in each the like edges go side by side, then pairs of like edges come together.
        Vector256<int> paired = Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7);
        Vector256<float> a = Vector256.Shuffle(Vector256.LoadUnsafe(in boxes), paired);
        Vector256<float> b = Vector256.Shuffle(Vector256.LoadUnsafe(in boxes, Count), paired);
        Vector256<float> c = Vector256.Shuffle(Vector256.LoadUnsafe(in boxes, 2 * Count), paired);
        Vector256<float> d = Vector256.Shuffle(Vector256.LoadUnsafe(in boxes, 3 * Count), paired);
        return Pairs(a, b, c, d);
    }

    /// <summary>Writes eight boxes <c>xyxy</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(ref float boxes)
    {
        Vector256<int> parted = Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7);
        BoxVector8 twos = Pairs(X1, Y1, X2, Y2);
        Vector256.Shuffle(twos.X1, parted).StoreUnsafe(ref boxes);
        Vector256.Shuffle(twos.Y1, parted).StoreUnsafe(ref boxes, Count);
        Vector256.Shuffle(twos.X2, parted).StoreUnsafe(ref boxes, 2 * Count);
        Vector256.Shuffle(twos.Y2, parted).StoreUnsafe(ref boxes, 3 * Count);
    }

    /// <summary>IoU of each box with that of the other columns; NaN where both are empty.</summary>
    /// <param name="other">As many boxes.</param>
    /// <param name="area">These boxes' areas, which a loop knows already.</param>
    /// <param name="otherArea">The others'.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Iou(BoxVector8 other, Vector256<float> area, Vector256<float> otherArea)
    {
        // What the native minimum does with NaN does not matter here: a box that has one has an area that is none, and so has the quotient.
        Vector256<float> width = Vector256.MinNative(X2, other.X2) - Vector256.MaxNative(X1, other.X1);
        Vector256<float> height = Vector256.MinNative(Y2, other.Y2) - Vector256.MaxNative(Y1, other.Y1);
        Vector256<float> inter = Vector256.MaxNative(width, Vector256<float>.Zero) * Vector256.MaxNative(height, Vector256<float>.Zero);
        return inter / (area + otherArea - inter);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static BoxVector8 Pairs(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d) => new(
        Join(a.GetLower().GetLower(), b.GetLower().GetLower(), c.GetLower().GetLower(), d.GetLower().GetLower()),
        Join(a.GetLower().GetUpper(), b.GetLower().GetUpper(), c.GetLower().GetUpper(), d.GetLower().GetUpper()),
        Join(a.GetUpper().GetLower(), b.GetUpper().GetLower(), c.GetUpper().GetLower(), d.GetUpper().GetLower()),
        Join(a.GetUpper().GetUpper(), b.GetUpper().GetUpper(), c.GetUpper().GetUpper(), d.GetUpper().GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Join(Vector64<float> a, Vector64<float> b, Vector64<float> c, Vector64<float> d) =>
        Vector256.Create(Vector128.Create(a, b), Vector128.Create(c, d));
}
