using static TorchSharp.torch;

namespace FocalSharp.Benchmarks.Table.References;

/// <summary>The basic losses composed of Torch operators in the order of the official code (mmdetection 3.3).</summary>
internal static class OfficialLosses
{
    private const double Epsilon = 1.1920929e-07;

    /// <summary>Returns the Quality Focal Loss of logits <c>[N, C]</c>, weighted by row, divided by the average factor.</summary>
    public static Tensor QualityFocal(Tensor prediction, Tensor label, Tensor quality, Tensor weight, double averageFactor, double beta = 2)
    {
        Tensor sigmoid = prediction.sigmoid();
        Tensor nothing = sigmoid.new_zeros(prediction.shape);
        Tensor loss = nn.functional.binary_cross_entropy_with_logits(prediction, nothing, reduction: nn.Reduction.None) * sigmoid.pow(beta);
        long background = prediction.size(1);
        Tensor rows = (label.ge(0) & label.lt(background)).nonzero().squeeze(1);
        Tensor columns = label[rows];
        Tensor distance = quality[rows] - sigmoid[rows, columns];
        loss[rows, columns] = nn.functional.binary_cross_entropy_with_logits(prediction[rows, columns], quality[rows], reduction: nn.Reduction.None)
            * distance.abs().pow(beta);
        return Reduce(loss.sum(1), weight, averageFactor);
    }

    /// <summary>Returns the Distribution Focal Loss of logits <c>[N, n+1]</c>.</summary>
    public static Tensor DistributionFocal(Tensor prediction, Tensor label, Tensor weight, double averageFactor)
    {
        Tensor left = label.to(int64);
        Tensor right = left + 1;
        Tensor toLeft = right.to(float32) - label;
        Tensor toRight = label - left.to(float32);
        Tensor loss = (nn.functional.cross_entropy(prediction, left, reduction: nn.Reduction.None) * toLeft)
            + (nn.functional.cross_entropy(prediction, right, reduction: nn.Reduction.None) * toRight);
        return Reduce(loss, weight, averageFactor);
    }

    /// <summary>Returns 1 − GIoU of paired boxes.</summary>
    public static Tensor Giou(Tensor prediction, Tensor target, Tensor weight, double averageFactor, double epsilon = 1e-6) =>
        Reduce(1 - Overlap(prediction, target, generalized: true, epsilon), weight, averageFactor);

    /// <summary>Returns the IoU or GIoU of paired boxes.</summary>
    public static Tensor Overlap(Tensor a, Tensor b, bool generalized, double epsilon = 1e-6)
    {
        Tensor firstArea = (Edge(a, 2) - Edge(a, 0)) * (Edge(a, 3) - Edge(a, 1));
        Tensor secondArea = (Edge(b, 2) - Edge(b, 0)) * (Edge(b, 3) - Edge(b, 1));
        Tensor size = (minimum(a.narrow(1, 2, 2), b.narrow(1, 2, 2)) - maximum(a.narrow(1, 0, 2), b.narrow(1, 0, 2))).clamp_min(0);
        Tensor overlap = Edge(size, 0) * Edge(size, 1);
        Tensor floor = tensor((float)epsilon);
        Tensor union = maximum(firstArea + secondArea - overlap, floor);
        Tensor iou = overlap / union;
        if (!generalized)
        {
            return iou;
        }

        Tensor hull = (maximum(a.narrow(1, 2, 2), b.narrow(1, 2, 2)) - minimum(a.narrow(1, 0, 2), b.narrow(1, 0, 2))).clamp_min(0);
        Tensor hullArea = maximum(Edge(hull, 0) * Edge(hull, 1), floor);
        return iou - ((hullArea - union) / hullArea);
    }

    /// <summary>Returns the mean of the softmax of logits <c>[…, 4·(n+1)]</c>, <c>[…, 4]</c>.</summary>
    public static Tensor Integral(Tensor logits, int regMax)
    {
        Tensor project = linspace(0, regMax, regMax + 1);
        Tensor mass = nn.functional.softmax(logits.reshape(-1, regMax + 1), 1);
        return nn.functional.linear(mass, project.unsqueeze(0)).reshape(-1, 4);
    }

    /// <summary>Returns boxes from points and the four distances to their edges.</summary>
    public static Tensor DistanceToBox(Tensor points, Tensor distance) => stack(
        [
            Edge(points, 0) - Edge(distance, 0), Edge(points, 1) - Edge(distance, 1),
            Edge(points, 0) + Edge(distance, 2), Edge(points, 1) + Edge(distance, 3),
        ],
        -1);

    private static Tensor Reduce(Tensor loss, Tensor weight, double averageFactor) => (loss * weight).sum() / (averageFactor + Epsilon);

    private static Tensor Edge(Tensor boxes, long column) => boxes.select(1, column);
}
