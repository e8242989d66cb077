namespace FocalSharp.Boxes;

/// <summary>
/// Overlap measures of boxes in float32, guarded as in the official code: the union (and the enclosing area) is at least
/// <c>epsilon</c>, so that the overlap of empty boxes is 0 rather than NaN.
/// </summary>
public static class BoxIou
{
    /// <summary>The epsilon of the official code for assignment, quality targets and the GIoU loss.</summary>
    public const float DefaultEpsilon = 1e-6f;

    /// <summary>Returns the area of the intersection; 0 if the boxes do not overlap.</summary>
    public static float Intersection(Box a, Box b) =>
        Math.Max(Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1), 0) * Math.Max(Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1), 0);

    /// <summary>Returns the intersection over union, in [0, 1].</summary>
    public static float Iou(Box a, Box b, float epsilon = DefaultEpsilon)
    {
        float inter = Intersection(a, b);
        return inter / Math.Max(SignedArea(a) + SignedArea(b) - inter, epsilon);
    }

    /// <summary>Returns the intersection over the area of <paramref name="a"/> ("over foreground"), in [0, 1].</summary>
    public static float Iof(Box a, Box b, float epsilon = DefaultEpsilon) => Intersection(a, b) / Math.Max(SignedArea(a), epsilon);

    /// <summary>Returns the generalized IoU (arXiv 1902.09630), in (−1, 1]: IoU minus the fraction of the enclosing box that neither box covers.</summary>
    public static float Giou(Box a, Box b, float epsilon = DefaultEpsilon)
    {
        float inter = Intersection(a, b);
        float union = Math.Max(SignedArea(a) + SignedArea(b) - inter, epsilon);
        float enclosing = Math.Max(SignedArea(Enclose(a, b)), epsilon);
        return (inter / union) - ((enclosing - union) / enclosing);
    }

    /// <summary>
    /// Returns the distance IoU (arXiv 1911.08287): IoU minus the squared center distance over the squared diagonal of the enclosing box.
    /// </summary>
    public static float Diou(Box a, Box b, float epsilon = DefaultEpsilon)
    {
        float inter = Intersection(a, b);
        float iou = inter / (SignedArea(a) + SignedArea(b) - inter + epsilon);
        return iou - CenterTerm(a, b, epsilon);
    }

    /// <summary>
    /// Returns the complete IoU (arXiv 1911.08287): DIoU minus an aspect-ratio term, clamped to [−1, 1]. Identical boxes give 1.
    /// </summary>
    public static float Ciou(Box a, Box b, float epsilon = DefaultEpsilon)
    {
        float inter = Intersection(a, b);
        float iou = inter / (SignedArea(a) + SignedArea(b) - inter + epsilon);
        double angle = Math.Atan(b.Width / (b.Height + epsilon)) - Math.Atan(a.Width / (a.Height + epsilon));
        double v = 4 / (Math.PI * Math.PI) * angle * angle;

        // For v = 0 the term is 0; skipping it avoids 0/0 for identical boxes, where epsilon is lost to rounding.
        double aspect = iou > 0.5f && v > 0 ? v / (1 - iou + v) * v : 0;
        return (float)Math.Clamp(iou - (CenterTerm(a, b, epsilon) + aspect), -1, 1);
    }

    /// <summary>Computes the IoU of every box of <paramref name="a"/> with every box of <paramref name="b"/>.</summary>
    /// <param name="a">Boxes <c>xyxy</c>, four numbers per box.</param>
    /// <param name="b">Boxes <c>xyxy</c>, four numbers per box.</param>
    /// <param name="result">Receives the matrix <c>[a, b]</c>, row-major.</param>
    /// <param name="epsilon">Lower bound of the union.</param>
    public static void IouMatrix(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result, float epsilon = DefaultEpsilon) =>
        Matrix(a, b, result, epsilon, Iou);

    /// <summary>Computes the intersection over the area of <paramref name="a"/>'s box for every pair; see <see cref="IouMatrix"/>.</summary>
    public static void IofMatrix(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result, float epsilon = DefaultEpsilon) =>
        Matrix(a, b, result, epsilon, Iof);

    /// <summary>Computes the generalized IoU for every pair; see <see cref="IouMatrix"/>.</summary>
    public static void GiouMatrix(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result, float epsilon = DefaultEpsilon) =>
        Matrix(a, b, result, epsilon, Giou);

    private static void Matrix(
        ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result, float epsilon, Func<Box, Box, float, float> measure)
    {
        int rows = a.Length / 4;
        int columns = b.Length / 4;
        if (a.Length % 4 != 0 || b.Length % 4 != 0 || result.Length != rows * columns)
        {
            throw new ArgumentException(
                $"{a.Length} and {b.Length} numbers give a [{rows}, {columns}] matrix; the result has {result.Length} elements.", nameof(result));
        }

        for (int i = 0; i < rows; i++)
        {
            Box left = Read(a, i);
            for (int j = 0; j < columns; j++)
            {
                result[(i * columns) + j] = measure(left, Read(b, j), epsilon);
            }
        }
    }

    private static Box Read(ReadOnlySpan<float> boxes, int index) =>
        new(boxes[4 * index], boxes[(4 * index) + 1], boxes[(4 * index) + 2], boxes[(4 * index) + 3]);

    private static Box Enclose(Box a, Box b) =>
        new(Math.Min(a.X1, b.X1), Math.Min(a.Y1, b.Y1), Math.Max(a.X2, b.X2), Math.Max(a.Y2, b.Y2));

    // As in the official code, which does not clamp the sides of an inverted box here.
    private static float SignedArea(Box box) => (box.X2 - box.X1) * (box.Y2 - box.Y1);

    private static float CenterTerm(Box a, Box b, float epsilon)
    {
        Box hull = Enclose(a, b);
        float diagonal = (hull.Width * hull.Width) + (hull.Height * hull.Height) + epsilon;
        float dx = b.X1 + b.X2 - (a.X1 + a.X2);
        float dy = b.Y1 + b.Y2 - (a.Y1 + a.Y2);
        return ((dx * dx / 4) + (dy * dy / 4)) / diagonal;
    }
}
