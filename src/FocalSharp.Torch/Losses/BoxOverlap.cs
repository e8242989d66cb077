using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>Overlap measures of paired boxes <c>[N, 4]</c> (<c>xyxy</c>) as tensors with gradient; each is <c>[N]</c>.</summary>
internal static class BoxOverlap
{
    /// <summary>Computes intersection and union.</summary>
    /// <param name="a">The first boxes.</param>
    /// <param name="b">The second boxes.</param>
    /// <param name="pixel">1 for the first release's inclusive pixels (<c>width = x2 − x1 + 1</c>), else 0.</param>
    public static (Tensor Intersection, Tensor Union) IntersectionAndUnion(Tensor a, Tensor b, double pixel = 0)
    {
        Tensor inter = Extent(maximum(TopLeft(a), TopLeft(b)), minimum(BottomRight(a), BottomRight(b)), pixel).clamp_min(0).prod(1);
        return (inter, Area(a, pixel) + Area(b, pixel) - inter);
    }

    public static Tensor Iou(Tensor a, Tensor b, double epsilon)
    {
        (Tensor inter, Tensor union) = IntersectionAndUnion(a, b);
        return inter / union.clamp_min(epsilon);
    }

    /// <summary>Computes IoU and generalized IoU.</summary>
    public static (Tensor Iou, Tensor Giou) Giou(Tensor a, Tensor b, double epsilon)
    {
        (Tensor inter, Tensor union) = IntersectionAndUnion(a, b);
        union = union.clamp_min(epsilon);
        Tensor iou = inter / union;
        Tensor hull = EnclosingExtent(a, b, 0).prod(1).clamp_min(epsilon);
        return (iou, iou - ((hull - union) / hull));
    }

    /// <summary>Computes width and height of the smallest enclosing box, <c>[N, 2]</c>.</summary>
    public static Tensor EnclosingExtent(Tensor a, Tensor b, double pixel) =>
        Extent(minimum(TopLeft(a), TopLeft(b)), maximum(BottomRight(a), BottomRight(b)), pixel).clamp_min(0);

    /// <summary>Computes the squared distance of the centers over the squared diagonal of the enclosing box.</summary>
    public static Tensor CenterDistanceTerm(Tensor a, Tensor b, double epsilon)
    {
        Tensor diagonal = EnclosingExtent(a, b, 0).square().sum(1) + epsilon;
        Tensor distance = TopLeft(b) + BottomRight(b) - (TopLeft(a) + BottomRight(a));
        return (distance.square() / 4).sum(1) / diagonal;
    }

    public static Tensor Area(Tensor box, double pixel) => Extent(TopLeft(box), BottomRight(box), pixel).prod(1);

    public static Tensor Extent(Tensor low, Tensor high, double pixel) => pixel == 0 ? high - low : high - low + pixel;

    public static Tensor TopLeft(Tensor box) => box.narrow(1, 0, 2);

    public static Tensor BottomRight(Tensor box) => box.narrow(1, 2, 2);
}
