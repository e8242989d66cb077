namespace FocalSharp.Boxes;

/// <summary>
/// Overlap measures of boxes in float32, with the guards of the official code: the union (and the enclosing area) is at least
/// <c>epsilon</c>, so empty boxes overlap by 0 rather than NaN.
/// </summary>
public static class BoxIou
{
    /// <summary>The guard that the official code uses for assignment, quality targets and the GIoU loss.</summary>
    public const float DefaultEpsilon = 1e-6f;

    /// <summary>Area that both boxes cover; 0 where they do not meet.</summary>
    public static float Intersection(Box a, Box b) =>
        Math.Max(Math.Min(a.X2, b.X2) - Math.Max(a.X1, b.X1), 0) * Math.Max(Math.Min(a.Y2, b.Y2) - Math.Max(a.Y1, b.Y1), 0);

    /// <summary>Intersection over union, in [0, 1].</summary>
    public static float Iou(Box a, Box b, float epsilon = DefaultEpsilon)
    {
        float inter = Intersection(a, b);
        return inter / Math.Max(SignedArea(a) + SignedArea(b) - inter, epsilon);
    }

    /// <summary>Intersection over the area of <paramref name="a"/> ("over foreground"), in [0, 1].</summary>
    public static float Iof(Box a, Box b, float epsilon = DefaultEpsilon) => Intersection(a, b) / Math.Max(SignedArea(a), epsilon);

    /// <summary>Generalized IoU (arXiv 1902.09630), in (−1, 1]: IoU less the share of the enclosing box that neither covers.</summary>
    public static float Giou(Box a, Box b, float epsilon = DefaultEpsilon)
    {
        float inter = Intersection(a, b);
        float union = Math.Max(SignedArea(a) + SignedArea(b) - inter, epsilon);
        float enclosing = Math.Max(SignedArea(Enclose(a, b)), epsilon);
        return (inter / union) - ((enclosing - union) / enclosing);
    }

    /// <summary>
    /// Distance IoU (arXiv 1911.08287): IoU less the squared centre distance over the squared diagonal of the enclosing box.
    /// </summary>
    public static float Diou(Box a, Box b, float epsilon = DefaultEpsilon)
    {
        float inter = Intersection(a, b);
        float iou = inter / (SignedArea(a) + SignedArea(b) - inter + epsilon);
        return iou - CenterTerm(a, b, epsilon);
    }

    /// <summary>
    /// Complete IoU (arXiv 1911.08287): DIoU less a term for the aspect ratio, clamped to [−1, 1]. Two boxes that coincide give 1.
    /// </summary>
    public static float Ciou(Box a, Box b, float epsilon = DefaultEpsilon)
    {
        float inter = Intersection(a, b);
        float iou = inter / (SignedArea(a) + SignedArea(b) - inter + epsilon);
        double angle = Math.Atan(b.Width / (b.Height + epsilon)) - Math.Atan(a.Width / (a.Height + epsilon));
        double v = 4 / (Math.PI * Math.PI) * angle * angle;

        // v = 0 makes the term vanish; leaving it out keeps 0/0 away where the boxes coincide and epsilon is lost to rounding.
        double aspect = iou > 0.5f && v > 0 ? v / (1 - iou + v) * v : 0;
        return (float)Math.Clamp(iou - (CenterTerm(a, b, epsilon) + aspect), -1, 1);
    }

    /// <summary>IoU of every box of <paramref name="a"/> with every box of <paramref name="b"/>.</summary>
    /// <param name="a">Boxes <c>xyxy</c>, four numbers a box.</param>
    /// <param name="b">Boxes <c>xyxy</c>, four numbers a box.</param>
    /// <param name="result">Row-major <c>[a, b]</c>.</param>
    /// <param name="epsilon">Least union.</param>
    public static void IouMatrix(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result, float epsilon = DefaultEpsilon) =>
        Matrix(a, b, result, epsilon, Iou);

    /// <summary>Intersection over the area of <paramref name="a"/>'s box for every pair; see <see cref="IouMatrix"/>.</summary>
    public static void IofMatrix(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> result, float epsilon = DefaultEpsilon) =>
        Matrix(a, b, result, epsilon, Iof);

    /// <summary>Generalized IoU for every pair; see <see cref="IouMatrix"/>.</summary>
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
                $"{a.Length} and {b.Length} numbers give a [{rows}, {columns}] matrix; the result holds {result.Length}.", nameof(result));
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

    // As the official code, which does not clamp an inverted box's sides here.
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
