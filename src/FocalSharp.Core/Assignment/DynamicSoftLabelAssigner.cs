using FocalSharp.Boxes;
using FocalSharp.Losses;

namespace FocalSharp.Assignment;

/// <summary>
/// The dynamic soft label assignment of NanoDet-Plus, based on the network's predictions. The locations within any object are candidates.
/// The cost of a candidate for an object is the Quality Focal Loss against the IoU of its predicted box plus −ln IoU times
/// <see cref="DynamicSoftLabelOptions.IouFactor"/>. Each object takes its cheapest candidates, as many as the sum of its best IoUs.
/// </summary>
/// <remarks>
/// Ties: a location claimed by several objects goes to the object with the lowest cost; at equal cost the lower index wins. The loss
/// against the background is summed over the classes once per location, and each object replaces only the term of its own class.
/// </remarks>
/// <param name="options">Settings; null for those of NanoDet-Plus.</param>
/// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
public sealed class DynamicSoftLabelAssigner(DynamicSoftLabelOptions? options = null) : IAssigner
{
    private const float IouFloor = 1e-7f;

    private readonly DynamicSoftLabelOptions _options = Validate(options ?? new());

    /// <inheritdoc/>
    public bool NeedsPredictions => true;

    /// <inheritdoc/>
    public AnchorAssignment Assign(AnchorGrid grid, GroundTruth groundTruth, AnchorPredictions predictions) =>
        Assign(grid, groundTruth.Boxes, groundTruth.Labels, predictions.Logits, predictions.Boxes);

    /// <summary>Assigns the anchors of one image.</summary>
    /// <param name="grid">The locations of the image; only valid ones are assigned.</param>
    /// <param name="boxes">The objects' boxes, <c>xyxy</c> in pixels of the input, four numbers each.</param>
    /// <param name="labels">The objects' 0-based classes.</param>
    /// <param name="logits">Predicted class logits <c>[C, anchors]</c>; C may exceed the classes that occur in <paramref name="labels"/>.</param>
    /// <param name="predicted">Predicted boxes <c>[anchors, 4]</c>, <c>xyxy</c> in pixels of the input.</param>
    /// <returns>The positives; their overlaps are the IoU of the predicted boxes, which are the quality targets.</returns>
    /// <exception cref="ArgumentException">The lengths do not match the number of anchors or labels.</exception>
    public AnchorAssignment Assign(
        AnchorGrid grid, ReadOnlySpan<float> boxes, ReadOnlySpan<int> labels, ReadOnlySpan<float> logits, ReadOnlySpan<float> predicted)
    {
        ArgumentNullException.ThrowIfNull(grid);
        int anchors = grid.Count;
        int classes = anchors == 0 ? 0 : logits.Length / anchors;
        if (boxes.Length != 4 * labels.Length || logits.Length != (long)classes * anchors || predicted.Length != 4L * anchors)
        {
            throw new ArgumentException(
                $"{labels.Length} labels, {boxes.Length} box coordinates, {logits.Length} logits and {predicted.Length} predicted coordinates "
                + $"do not match {anchors} anchors.",
                nameof(logits));
        }

        AssignmentGuard.CheckPixels(boxes);
        for (int k = 0; k < labels.Length; k++)
        {
            AssignmentGuard.RequireObject(boxes, labels, k, anchors == 0 ? null : classes);
        }

        int[] candidates = FindCandidates(grid, boxes);
        if (candidates.Length == 0)
        {
            return AnchorAssignment.Empty;
        }

        float[] background = ComputeBackgroundCosts(logits, classes, anchors, candidates);
        int[] owners = new int[candidates.Length]; // 0: none, k + 1: object k
        bool[] contested = new bool[candidates.Length];
        float[][] overlaps = new float[labels.Length][];
        float[][] costs = new float[labels.Length][];
        int[] order = new int[candidates.Length];
        for (int k = 0; k < labels.Length; k++)
        {
            (overlaps[k], costs[k]) = ComputeCosts(Box(boxes, k), logits.Slice(labels[k] * anchors, anchors), predicted, candidates, background);
            float[] cost = costs[k];
            for (int i = 0; i < order.Length; i++)
            {
                order[i] = i;
            }

            Array.Sort(order, (a, b) => cost[a] != cost[b] ? cost[a].CompareTo(cost[b]) : a.CompareTo(b));
            foreach (int i in order.AsSpan(0, ComputeDynamicK(overlaps[k])))
            {
                contested[i] |= owners[i] != 0;
                owners[i] = k + 1;
            }
        }

        ResolveConflicts(owners, contested, costs);
        return CreateAssignment(candidates, owners, overlaps, labels);
    }

    private static DynamicSoftLabelOptions Validate(DynamicSoftLabelOptions options) => options is { TopK: > 0, IouFactor: >= 0 }
        ? options
        : throw new ArgumentOutOfRangeException(nameof(options), options, "The assignment needs TopK ≥ 1 and IouFactor ≥ 0.");

    private static Box Box(ReadOnlySpan<float> boxes, int index) =>
        new(boxes[4 * index], boxes[(4 * index) + 1], boxes[(4 * index) + 2], boxes[(4 * index) + 3]);

    /// <summary>Returns the locations strictly within any object, ascending.</summary>
    private static int[] FindCandidates(AnchorGrid grid, ReadOnlySpan<float> boxes)
    {
        bool[] inside = new bool[grid.Count];
        foreach (AnchorLevel level in grid.Levels)
        {
            for (int k = 0; k < boxes.Length; k += 4)
            {
                (int left, int right) = GetCellRange(grid, level.Stride, level.ValidWidth, boxes[k], boxes[k + 2]);
                (int top, int bottom) = GetCellRange(grid, level.Stride, level.ValidHeight, boxes[k + 1], boxes[k + 3]);
                for (int row = top; row < bottom; row++)
                {
                    inside.AsSpan(level.Start + (row * level.Width) + left, Math.Max(right - left, 0)).Fill(true);
                }
            }
        }

        List<int> found = [];
        for (int i = 0; i < inside.Length; i++)
        {
            if (inside[i])
            {
                found.Add(i);
            }
        }

        return [.. found];
    }

    /// <summary>Returns the range of cells whose centers lie strictly between two coordinates; the end is exclusive.</summary>
    private static (int From, int To) GetCellRange(AnchorGrid grid, int stride, int count, float low, float high)
    {
        int from = 0;
        while (from < count && !(grid.Coordinate(from, stride) - low > 0))
        {
            from++;
        }

        int to = from;
        while (to < count && high - grid.Coordinate(to, stride) > 0)
        {
            to++;
        }

        return (from, to);
    }

    /// <summary>Returns, per candidate, the loss against the background: the sum over all classes against a target of 0.</summary>
    private static float[] ComputeBackgroundCosts(ReadOnlySpan<float> logits, int classes, int anchors, int[] candidates)
    {
        double[] sums = new double[candidates.Length];
        for (int c = 0; c < classes; c++)
        {
            ReadOnlySpan<float> row = logits.Slice(c * anchors, anchors);
            for (int i = 0; i < candidates.Length; i++)
            {
                sums[i] += Loss(row[candidates[i]], 0);
            }
        }

        return Array.ConvertAll(sums, sum => (float)sum);
    }

    private static float Loss(float logit, float quality) => QualityFocalLossFormula.Evaluate(logit, quality, 2f).Loss;

    private (float[] Overlaps, float[] Costs) ComputeCosts(
        Box box, ReadOnlySpan<float> logits, ReadOnlySpan<float> predicted, int[] candidates, float[] background)
    {
        float[] overlaps = new float[candidates.Length];
        float[] costs = new float[candidates.Length];
        for (int i = 0; i < candidates.Length; i++)
        {
            float logit = logits[candidates[i]];
            float overlap = BoxIou.Iou(Box(predicted, candidates[i]), box);
            float cost = background[i] - Loss(logit, 0) + Loss(logit, overlap) - (MathF.Log(overlap + IouFloor) * (float)_options.IouFactor);

            // A prediction that is not finite is chosen only where there is no other.
            overlaps[i] = float.IsFinite(overlap) ? overlap : 0;
            costs[i] = float.IsNaN(cost) ? float.PositiveInfinity : cost;
        }

        return (overlaps, costs);
    }

    private int ComputeDynamicK(float[] overlaps)
    {
        float[] best = [.. overlaps.OrderDescending().Take(_options.TopK)];
        return Math.Clamp((int)best.Sum(), 1, overlaps.Length);
    }

    private static void ResolveConflicts(int[] owners, bool[] contested, float[][] costs)
    {
        for (int i = 0; i < owners.Length; i++)
        {
            if (!contested[i])
            {
                continue;
            }

            int cheapest = 0;
            for (int k = 1; k < costs.Length; k++)
            {
                cheapest = costs[k][i] < costs[cheapest][i] ? k : cheapest;
            }

            owners[i] = cheapest + 1;
        }
    }

    private static AnchorAssignment CreateAssignment(int[] candidates, int[] owners, float[][] overlaps, ReadOnlySpan<int> labels)
    {
        int[] positives = [.. Enumerable.Range(0, candidates.Length).Where(i => owners[i] != 0)];
        int[] classes = new int[positives.Length];
        for (int i = 0; i < positives.Length; i++)
        {
            classes[i] = labels[owners[positives[i]] - 1];
        }

        return new AnchorAssignment(
            Array.ConvertAll(positives, i => candidates[i]),
            Array.ConvertAll(positives, i => owners[i] - 1),
            classes,
            Array.ConvertAll(positives, i => overlaps[owners[i] - 1][i]));
    }
}
