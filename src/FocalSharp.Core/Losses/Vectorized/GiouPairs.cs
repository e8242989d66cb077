using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FocalSharp.Geometry;

namespace FocalSharp.Losses.Vectorized;

/// <summary>
/// 1 − GIoU of paired boxes with the derivatives by the predicted edges, sixteen pairs at once: operation for operation what
/// <see cref="BoxLossFormula"/> does in float32 for half-open boxes, and so equal to it bit for bit.
/// </summary>
internal static class GiouPairs
{
    private const int Width = VectorMath.Width;

    /// <summary>Losses and gradients of many pairs.</summary>
    /// <param name="predicted">Boxes <c>[N, 4]</c>.</param>
    /// <param name="target">Boxes <c>[N, 4]</c>.</param>
    /// <param name="losses">Receives N losses.</param>
    /// <param name="gradients">Receives <c>[N, 4]</c>: derivatives by the predicted edges.</param>
    /// <param name="epsilon">What keeps 0/0 away.</param>
    public static void Evaluate(ReadOnlySpan<float> predicted, ReadOnlySpan<float> target, Span<float> losses, Span<float> gradients, float epsilon)
    {
        Lengths.RequireEqual(losses.Length * 4, predicted.Length, target.Length, gradients.Length);
        int whole = losses.Length - (losses.Length % Width);
        for (int i = 0; i < whole; i += Width)
        {
            Block(ref At(predicted, 4 * i), ref At(target, 4 * i), ref losses[i], ref gradients[4 * i], epsilon);
        }

        if (whole < losses.Length)
        {
            // Pairs of nothing fill the last block up.
            Span<float> p = stackalloc float[4 * Width];
            Span<float> g = stackalloc float[4 * Width];
            Span<float> slopes = stackalloc float[4 * Width];
            Span<float> values = stackalloc float[Width];
            predicted[(4 * whole)..].CopyTo(p);
            target[(4 * whole)..].CopyTo(g);
            Block(ref p[0], ref g[0], ref values[0], ref slopes[0], epsilon);
            values[..(losses.Length - whole)].CopyTo(losses[whole..]);
            slopes[..(4 * (losses.Length - whole))].CopyTo(gradients[(4 * whole)..]);
        }
    }

    private static void Block(ref float predicted, ref float target, ref float losses, ref float gradients, float epsilon)
    {
        BoxColumns p = BoxColumns.Load(ref predicted);
        BoxColumns g = BoxColumns.Load(ref target);
        Axis x = new(p.X1, p.X2, g.X1, g.X2);
        Axis y = new(p.Y1, p.Y2, g.Y1, g.Y2);
        Vector512<float> one = Vector512<float>.One;
        Vector512<float> floor = Vector512.Create(epsilon);
        Vector512<float> overlap = x.Overlap * y.Overlap;
        Vector512<float> union = (x.Size * y.Size) + (x.TargetSize * y.TargetSize) - overlap;
        Vector512<float> share = Share(union, floor);
        Vector512<float> area = Vector512.Max(union, floor);
        Vector512<float> iou = overlap / area;
        Vector512<float> hull = x.Enclosure * y.Enclosure;
        Vector512<float> enclosure = Vector512.Max(hull, floor);
        Vector512<float> slope = Share(hull, floor) * area / (enclosure * enclosure);
        Vector512<float> byArea = ((-one / enclosure) - (-overlap / (area * area))) * share;
        Vector512<float> byOverlap = (-one / area) - byArea;
        (one - (iou - ((enclosure - area) / enclosure))).StoreUnsafe(ref losses);
        (Vector512<float> x1, Vector512<float> x2) = x.Back(byArea * y.Size, byOverlap * y.Overlap, slope * y.Enclosure);
        (Vector512<float> y1, Vector512<float> y2) = y.Back(byArea * x.Size, byOverlap * x.Overlap, slope * x.Enclosure);
        new BoxColumns(x1, y1, x2, y2).Store(ref gradients);
    }

    /// <summary>How much of max(a, b) is a: half where they are equal, as autograd has it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Share(Vector512<float> a, Vector512<float> b)
    {
        Vector512<float> other = Vector512.ConditionalSelect(Vector512.LessThan(a, b), Vector512<float>.Zero, Vector512.Create(0.5f));
        return Vector512.ConditionalSelect(Vector512.GreaterThan(a, b), Vector512<float>.One, other);
    }

    private static ref float At(ReadOnlySpan<float> span, int index) => ref Unsafe.Add(ref MemoryMarshal.GetReference(span), index);

    /// <summary>One axis of sixteen pairs; see <see cref="BoxAxis{T}"/>.</summary>
    private readonly struct Axis
    {
        private readonly Vector512<float> _inner;
        private readonly Vector512<float> _outer;
        private readonly Vector512<float> _firstIsP;
        private readonly Vector512<float> _lastIsP;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Axis(Vector512<float> p1, Vector512<float> p2, Vector512<float> g1, Vector512<float> g2)
        {
            Size = p2 - p1;
            TargetSize = g2 - g1;
            _inner = Vector512.Min(p2, g2) - Vector512.Max(p1, g1);
            _outer = Vector512.Max(p2, g2) - Vector512.Min(p1, g1);
            Overlap = Vector512.Max(_inner, Vector512<float>.Zero);
            Enclosure = Vector512.Max(_outer, Vector512<float>.Zero);
            _firstIsP = Share(p1, g1);
            _lastIsP = Share(p2, g2);
        }

        public Vector512<float> Size { get; }

        public Vector512<float> TargetSize { get; }

        public Vector512<float> Overlap { get; }

        public Vector512<float> Enclosure { get; }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (Vector512<float> P1, Vector512<float> P2) Back(Vector512<float> size, Vector512<float> overlap, Vector512<float> enclosure)
        {
            Vector512<float> zero = Vector512<float>.Zero;
            Vector512<float> one = Vector512<float>.One;
            Vector512<float> inner = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(_inner, zero), overlap, zero);
            Vector512<float> outer = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(_outer, zero), enclosure, zero);
            return (
                -size - (inner * _firstIsP) - (outer * (one - _firstIsP)),
                size + (inner * (one - _lastIsP)) + (outer * _lastIsP));
        }
    }
}
