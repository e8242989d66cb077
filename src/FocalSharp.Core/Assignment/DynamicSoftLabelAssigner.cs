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
    public AnchorAssignment Assign(AnchorGrid grid, GroundTruth groundTruth, AnchorPredictions predictions)
    {
        ArgumentNullException.ThrowIfNull(groundTruth);
        return Assign(grid, groundTruth.Boxes, groundTruth.Labels, predictions.Logits, predictions.Boxes);
    }

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
        int classes = AssignmentGuard.RequirePredictions(grid, logits, predicted);
        AssignmentGuard.RequireObjects(boxes, labels, anchors == 0 ? null : classes);

        int[] candidates = CandidateLocations.FindInside(grid, boxes);
        if (candidates.Length == 0)
        {
            return AnchorAssignment.Empty;
        }

        float[] background = ComputeBackgroundCosts(logits, classes, anchors, candidates);
        float[][] overlaps = new float[labels.Length][];
        float[][] costs = new float[labels.Length][];
        for (int k = 0; k < labels.Length; k++)
        {
            (overlaps[k], costs[k]) = ComputeCosts(CandidateLocations.Box(boxes, k), logits.Slice(labels[k] * anchors, anchors), predicted, candidates, background);
        }

        return DynamicMatching.Match(candidates, overlaps, costs, labels, _options.TopK);
    }

    private static DynamicSoftLabelOptions Validate(DynamicSoftLabelOptions options) => options is { TopK: > 0, IouFactor: >= 0 and < double.PositiveInfinity }
        ? options
        : throw new ArgumentOutOfRangeException(nameof(options), options, "The assignment needs TopK ≥ 1 and a finite IouFactor ≥ 0.");

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
            float overlap = BoxIou.Iou(CandidateLocations.Box(predicted, candidates[i]), box);
            float cost = background[i] - Loss(logit, 0) + Loss(logit, overlap) - (MathF.Log(overlap + IouFloor) * (float)_options.IouFactor);

            // A prediction that is not finite is chosen only where there is no other.
            overlaps[i] = float.IsFinite(overlap) ? overlap : 0;
            costs[i] = float.IsNaN(cost) ? float.PositiveInfinity : cost;
        }

        return (overlaps, costs);
    }
}
