using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FocalSharp.Boxes;

namespace FocalSharp.Losses.Vectorized;

/// <summary>
/// Computes 1 − GIoU of paired boxes and the derivatives by the predicted edges, eight pairs at once, with the same operations as
/// <see cref="BoxLossFormula"/> in float32 for half-open boxes, so that the results are identical bit for bit.
/// </summary>
internal static class GiouPairs
{
    private const int Width = BoxVector8.Count;

    /// <summary>Computes the losses and gradients of many pairs.</summary>
    /// <param name="predicted">Boxes <c>[N, 4]</c>.</param>
    /// <param name="target">Boxes <c>[N, 4]</c>.</param>
    /// <param name="losses">Receives the N losses.</param>
    /// <param name="gradients">Receives the derivatives by the predicted edges, <c>[N, 4]</c>.</param>
    /// <param name="epsilon">Lower bound that avoids 0/0.</param>
    public static void Evaluate(ReadOnlySpan<float> predicted, ReadOnlySpan<float> target, Span<float> losses, Span<float> gradients, float epsilon)
    {
        SpanGuard.RequireLength(predicted.Length, losses.Length * 4);
        SpanGuard.RequireLength(target.Length, losses.Length * 4);
        SpanGuard.RequireLength(gradients.Length, losses.Length * 4);
        int whole = losses.Length - (losses.Length % Width);
        for (int i = 0; i < whole; i += Width)
        {
            Block(ref At(predicted, 4 * i), ref At(target, 4 * i), ref losses[i], ref gradients[4 * i], epsilon);
        }

        if (whole < losses.Length)
        {
            // The last block is filled with empty pairs.
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
        BoxVector8 p = BoxVector8.Load(ref predicted);
        BoxVector8 g = BoxVector8.Load(ref target);
        Axis x = new(p.X1, p.X2, g.X1, g.X2);
        Axis y = new(p.Y1, p.Y2, g.Y1, g.Y2);
        Vector256<float> one = Vector256<float>.One;
        Vector256<float> floor = Vector256.Create(epsilon);
        Vector256<float> overlap = x.Overlap * y.Overlap;
        Vector256<float> union = (x.Size * y.Size) + (x.TargetSize * y.TargetSize) - overlap;
        Vector256<float> share = GradientShare(union, floor);
        Vector256<float> area = Vector256.Max(union, floor);
        Vector256<float> iou = overlap / area;
        Vector256<float> hull = x.Enclosure * y.Enclosure;
        Vector256<float> enclosure = Vector256.Max(hull, floor);
        Vector256<float> slope = GradientShare(hull, floor) * area / (enclosure * enclosure);
        Vector256<float> byArea = ((-one / enclosure) - (-overlap / (area * area))) * share;
        Vector256<float> byOverlap = (-one / area) - byArea;
        (one - (iou - ((enclosure - area) / enclosure))).StoreUnsafe(ref losses);
        (Vector256<float> x1, Vector256<float> x2) = x.Backward(byArea * y.Size, byOverlap * y.Overlap, slope * y.Enclosure);
        (Vector256<float> y1, Vector256<float> y2) = y.Backward(byArea * x.Size, byOverlap * x.Overlap, slope * x.Enclosure);
        new BoxVector8(x1, y1, x2, y2).Store(ref gradients);
    }

    /// <summary>Returns the derivative of max(a, b) by a: half if they are equal, as in autograd.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> GradientShare(Vector256<float> a, Vector256<float> b)
    {
        Vector256<float> other = Vector256.ConditionalSelect(Vector256.LessThan(a, b), Vector256<float>.Zero, Vector256.Create(0.5f));
        return Vector256.ConditionalSelect(Vector256.GreaterThan(a, b), Vector256<float>.One, other);
    }

    private static ref float At(ReadOnlySpan<float> span, int index) => ref Unsafe.Add(ref MemoryMarshal.GetReference(span), index);

    /// <summary>One axis of eight pairs; see <see cref="BoxAxis{T}"/>.</summary>
    private readonly struct Axis
    {
        private readonly Vector256<float> _inner;
        private readonly Vector256<float> _outer;
        private readonly Vector256<float> _firstIsP;
        private readonly Vector256<float> _lastIsP;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Axis(Vector256<float> p1, Vector256<float> p2, Vector256<float> g1, Vector256<float> g2)
        {
            Size = p2 - p1;
            TargetSize = g2 - g1;
            _inner = Vector256.Min(p2, g2) - Vector256.Max(p1, g1);
            _outer = Vector256.Max(p2, g2) - Vector256.Min(p1, g1);
            Overlap = Vector256.Max(_inner, Vector256<float>.Zero);
            Enclosure = Vector256.Max(_outer, Vector256<float>.Zero);
            _firstIsP = GradientShare(p1, g1);
            _lastIsP = GradientShare(p2, g2);
        }

        public Vector256<float> Size { get; }

        public Vector256<float> TargetSize { get; }

        public Vector256<float> Overlap { get; }

        public Vector256<float> Enclosure { get; }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (Vector256<float> P1, Vector256<float> P2) Backward(Vector256<float> size, Vector256<float> overlap, Vector256<float> enclosure)
        {
            Vector256<float> zero = Vector256<float>.Zero;
            Vector256<float> one = Vector256<float>.One;
            Vector256<float> inner = Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(_inner, zero), overlap, zero);
            Vector256<float> outer = Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(_outer, zero), enclosure, zero);
            return (
                -size - (inner * _firstIsP) - (outer * (one - _firstIsP)),
                size + (inner * (one - _lastIsP)) + (outer * _lastIsP));
        }
    }
}
