using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FocalSharp.Boxes;

/// <summary>
/// Eight boxes as vectors of edges. 256 bits, because on processors without wider vectors each operation on a wider one is a call, which made
/// suppression ten times slower.
/// </summary>
internal readonly struct BoxVector8(Vector256<float> x1, Vector256<float> y1, Vector256<float> x2, Vector256<float> y2)
{
    /// <summary>The number of boxes.</summary>
    public const int Count = 8;

    /// <summary>Gets the left edges.</summary>
    public Vector256<float> X1 { get; } = x1;

    /// <summary>Gets the top edges.</summary>
    public Vector256<float> Y1 { get; } = y1;

    /// <summary>Gets the right edges.</summary>
    public Vector256<float> X2 { get; } = x2;

    /// <summary>Gets the bottom edges.</summary>
    public Vector256<float> Y2 { get; } = y2;

    /// <summary>Gets the areas.</summary>
    public Vector256<float> Area
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (X2 - X1) * (Y2 - Y1);
    }

    /// <summary>Returns one box repeated eight times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoxVector8 Broadcast(Box box) => new(Vector256.Create(box.X1), Vector256.Create(box.Y1), Vector256.Create(box.X2), Vector256.Create(box.Y2));

    /// <summary>Loads eight boxes <c>xyxy</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BoxVector8 Load(ref readonly float boxes)
    {
        // Two boxes per vector: first corresponding edges are interleaved, then pairs of corresponding edges are combined.
        Vector256<int> paired = Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7);
        Vector256<float> a = Vector256.Shuffle(Vector256.LoadUnsafe(in boxes), paired);
        Vector256<float> b = Vector256.Shuffle(Vector256.LoadUnsafe(in boxes, Count), paired);
        Vector256<float> c = Vector256.Shuffle(Vector256.LoadUnsafe(in boxes, 2 * Count), paired);
        Vector256<float> d = Vector256.Shuffle(Vector256.LoadUnsafe(in boxes, 3 * Count), paired);
        return Pairs(a, b, c, d);
    }

    /// <summary>Stores eight boxes <c>xyxy</c>.</summary>
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

    /// <summary>Returns the IoU of each box with the corresponding other box; NaN if both are empty.</summary>
    /// <param name="other">The other boxes.</param>
    /// <param name="area">The areas of these boxes.</param>
    /// <param name="otherArea">The areas of the other boxes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Iou(BoxVector8 other, Vector256<float> area, Vector256<float> otherArea)
    {
        // How the native minimum treats NaN does not matter here: a box with NaN has a NaN area, and so has the quotient.
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
