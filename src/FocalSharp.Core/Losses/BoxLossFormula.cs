using System.Numerics;

namespace FocalSharp.Losses;

/// <summary>
/// The losses of the IoU family in closed form, with derivatives by the edges of both boxes. Boxes are <c>x1, y1, x2, y2</c>.
/// Degenerate, disjoint and identical boxes give finite values.
/// </summary>
public static class BoxLossFormula
{
    /// <summary>The default epsilon of mmdetection, which avoids 0/0.</summary>
    public const double DefaultEpsilon = 1e-6;

    /// <summary>
    /// The epsilon with which mmdetection computes the IoU of its plain IoU losses; the loss's own epsilon clamps the result.
    /// </summary>
    private const double OverlapEpsilon = 1e-6;

    /// <summary>Computes the loss of one pair and its gradients.</summary>
    /// <param name="kind">The kind of loss.</param>
    /// <param name="predicted">The four edges of the predicted box.</param>
    /// <param name="target">The four edges of the target.</param>
    /// <param name="gradient">Receives the four derivatives by the predicted edges.</param>
    /// <param name="targetGradient">Receives the four derivatives by the target's edges, or empty.</param>
    /// <param name="epsilon">Lower bound that avoids 0/0 (mmdetection: 1e-6).</param>
    /// <param name="inclusivePixels">
    /// Whether boxes include their last pixel, so that the width is x2 − x1 + 1, as in the first official release, which also
    /// adds its epsilon to the union and the enclosing area of GIoU instead of taking the maximum. For IoU and GIoU only. Default: x2 − x1.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A span does not have four elements, or DIoU or CIoU is requested with inclusive corners.
    /// </exception>
    public static T Evaluate<T>(
        BoxLossKind kind,
        ReadOnlySpan<T> predicted,
        ReadOnlySpan<T> target,
        Span<T> gradient,
        Span<T> targetGradient,
        T epsilon,
        bool inclusivePixels = false)
        where T : struct, IFloatingPointIeee754<T>
    {
        SpanGuard.RequireLength(predicted.Length, 4);
        SpanGuard.RequireLength(target.Length, 4);
        SpanGuard.RequireLength(gradient.Length, 4);
        SpanGuard.RequireLength(targetGradient.Length, targetGradient.IsEmpty ? 0 : 4);
        T pixel = inclusivePixels ? T.One : T.Zero;
        BoxAxis<T> x = new(predicted[0], predicted[2], target[0], target[2], pixel);
        BoxAxis<T> y = new(predicted[1], predicted[3], target[1], target[3], pixel);
        BoxPartials<T> d = kind switch
        {
            BoxLossKind.IouLog or BoxLossKind.IouLinear or BoxLossKind.IouSquare => Iou(kind, x, y, epsilon, inclusivePixels),
            BoxLossKind.Giou => Giou(x, y, epsilon, inclusivePixels),
            BoxLossKind.Diou or BoxLossKind.Ciou when !inclusivePixels => Distance(kind, x, y, epsilon),
            BoxLossKind.Diou or BoxLossKind.Ciou => throw new ArgumentException($"{kind} is not defined for boxes that include their last pixel.", nameof(kind)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such box loss."),
        };

        // Every area is a product of lengths; from here on all losses share the code.
        (T p1, T p2, T g1, T g2) = x.Backward(
            (d.Area * y.Size) + d.Width,
            (d.TargetArea * y.TargetSize) + d.TargetWidth,
            d.Overlap * y.Overlap,
            d.EnclosureX,
            d.CenterX);
        (gradient[0], gradient[2]) = (p1, p2);
        (T q1, T q2, T h1, T h2) = y.Backward(
            (d.Area * x.Size) + d.Height,
            (d.TargetArea * x.TargetSize) + d.TargetHeight,
            d.Overlap * x.Overlap,
            d.EnclosureY,
            d.CenterY);
        (gradient[1], gradient[3]) = (q1, q2);
        if (!targetGradient.IsEmpty)
        {
            (targetGradient[0], targetGradient[1], targetGradient[2], targetGradient[3]) = (g1, h1, g2, h2);
        }

        return d.Loss;
    }

    /// <summary>Computes the losses and gradients of many pairs.</summary>
    /// <param name="kind">The kind of loss.</param>
    /// <param name="predicted">Boxes <c>[N, 4]</c>.</param>
    /// <param name="target">Boxes <c>[N, 4]</c>.</param>
    /// <param name="losses">Receives the N losses.</param>
    /// <param name="gradients">Receives the derivatives by the predicted edges, <c>[N, 4]</c>.</param>
    /// <param name="targetGradients">Receives the derivatives by the targets' edges, <c>[N, 4]</c>, or empty.</param>
    /// <param name="epsilon">Lower bound that avoids 0/0.</param>
    /// <param name="inclusivePixels">
    /// Whether boxes include their last pixel, so that the width is x2 − x1 + 1, as in the first official release, which also
    /// adds its epsilon to the union and the enclosing area of GIoU instead of taking the maximum. For IoU and GIoU only. Default: x2 − x1.
    /// </param>
    public static void EvaluateMany<T>(
        BoxLossKind kind,
        ReadOnlySpan<T> predicted,
        ReadOnlySpan<T> target,
        Span<T> losses,
        Span<T> gradients,
        Span<T> targetGradients,
        T epsilon,
        bool inclusivePixels = false)
        where T : struct, IFloatingPointIeee754<T>
    {
        SpanGuard.RequireLength(predicted.Length, losses.Length * 4);
        SpanGuard.RequireLength(target.Length, losses.Length * 4);
        SpanGuard.RequireLength(gradients.Length, losses.Length * 4);
        SpanGuard.RequireLength(targetGradients.Length, targetGradients.IsEmpty ? 0 : losses.Length * 4);
        for (int i = 0; i < losses.Length; i++)
        {
            losses[i] = Evaluate(
                kind,
                predicted.Slice(i * 4, 4),
                target.Slice(i * 4, 4),
                gradients.Slice(i * 4, 4),
                targetGradients.IsEmpty ? [] : targetGradients.Slice(i * 4, 4),
                epsilon,
                inclusivePixels);
        }
    }

    private static BoxPartials<T> Iou<T>(BoxLossKind kind, in BoxAxis<T> x, in BoxAxis<T> y, T epsilon, bool inclusivePixels)
        where T : struct, IFloatingPointIeee754<T>
    {
        T floor = inclusivePixels ? T.NegativeInfinity : T.CreateChecked(OverlapEpsilon);
        BoxUnion<T> union = BoxUnion<T>.CreateClamped(x, y, floor);
        T iou = T.Max(union.Iou, epsilon);
        (T loss, T slope) = kind switch
        {
            BoxLossKind.IouLog => (-T.Log(iou), -T.One / iou),
            BoxLossKind.IouLinear => (T.One - iou, -T.One),
            _ => (T.One - (iou * iou), -(iou + iou)),
        };
        return union.Backward(union.Iou >= epsilon ? slope : T.Zero, T.Zero) with { Loss = loss };
    }

    private static BoxPartials<T> Giou<T>(in BoxAxis<T> x, in BoxAxis<T> y, T epsilon, bool inclusivePixels)
        where T : struct, IFloatingPointIeee754<T>
    {
        bool clampsUnion = !inclusivePixels;
        BoxUnion<T> union = clampsUnion ? BoxUnion<T>.CreateClamped(x, y, epsilon) : BoxUnion<T>.CreateOffset(x, y, epsilon);
        T area = x.Enclosure * y.Enclosure;
        T enclosure = clampsUnion ? T.Max(area, epsilon) : area + epsilon;
        T share = clampsUnion ? BoxUnion<T>.GradientShare(area, epsilon) : T.One;
        T slope = share * union.Area / (enclosure * enclosure);
        return union.Backward(-T.One, -T.One / enclosure) with
        {
            Loss = T.One - (union.Iou - ((enclosure - union.Area) / enclosure)),
            EnclosureX = slope * y.Enclosure,
            EnclosureY = slope * x.Enclosure,
        };
    }

    private static BoxPartials<T> Distance<T>(BoxLossKind kind, in BoxAxis<T> x, in BoxAxis<T> y, T epsilon)
        where T : struct, IFloatingPointIeee754<T>
    {
        T two = T.One + T.One;
        BoxUnion<T> union = BoxUnion<T>.CreateOffset(x, y, epsilon);
        T diagonal = (x.Enclosure * x.Enclosure) + (y.Enclosure * y.Enclosure) + epsilon;
        T shift = ((x.CenterShift * x.CenterShift) + (y.CenterShift * y.CenterShift)) / (two * two);
        T penalty = shift / diagonal;
        if (kind == BoxLossKind.Ciou)
        {
            return Complete(union, x, y, penalty, diagonal, epsilon);
        }

        return WithPenalty(union.Backward(-T.One, T.Zero), x, y, penalty, diagonal) with { Loss = T.One - (union.Iou - penalty) };
    }

    private static BoxPartials<T> Complete<T>(
        in BoxUnion<T> union, in BoxAxis<T> x, in BoxAxis<T> y, T penalty, T diagonal, T epsilon)
        where T : struct, IFloatingPointIeee754<T>
    {
        T two = T.One + T.One;
        T factor = two * two / (T.Pi * T.Pi);
        T height = y.Size + epsilon;
        T targetHeight = y.TargetSize + epsilon;
        T angle = T.Atan(x.TargetSize / targetHeight) - T.Atan(x.Size / height);
        T aspect = factor * angle * angle;

        // Identical boxes give 0/0 in float32, where epsilon vanishes beside the union; the limit is 0.
        T alpha = union.Iou > T.One / two && aspect > T.Zero ? aspect / (T.One - union.Iou + aspect) : T.Zero;
        T ciou = union.Iou - (penalty + (alpha * aspect));
        T loss = T.One - T.Clamp(ciou, -T.One, T.One);
        if (T.Abs(ciou) > T.One)
        {
            return new BoxPartials<T> { Loss = loss };
        }

        T slope = alpha * two * factor * angle;
        T turn = slope / ((x.Size * x.Size) + (height * height));
        T targetTurn = slope / ((x.TargetSize * x.TargetSize) + (targetHeight * targetHeight));
        return WithPenalty(union.Backward(-T.One, T.Zero), x, y, penalty, diagonal) with
        {
            Loss = loss,
            Width = -turn * height,
            Height = turn * x.Size,
            TargetWidth = targetTurn * targetHeight,
            TargetHeight = -targetTurn * x.TargetSize,
        };
    }

    private static BoxPartials<T> WithPenalty<T>(
        in BoxPartials<T> partials, in BoxAxis<T> x, in BoxAxis<T> y, T penalty, T diagonal)
        where T : struct, IFloatingPointIeee754<T>
    {
        T two = T.One + T.One;
        T slope = -penalty / diagonal;
        return partials with
        {
            EnclosureX = slope * two * x.Enclosure,
            EnclosureY = slope * two * y.Enclosure,
            CenterX = x.CenterShift / (two * diagonal),
            CenterY = y.CenterShift / (two * diagonal),
        };
    }
}
