using FocalSharp.Boxes;
using FocalSharp.Losses;

namespace FocalSharp.Assignment;

/// <summary>
/// SimOTA (arXiv 2107.08430) with the costs of PicoDet's first generation, based on the network's predictions. Candidates are the
/// locations within any object or within the square around any object's center. The cost of a candidate for an object is the varifocal
/// loss against the IoU of its predicted box plus 1 − GIoU, weighted; candidates outside that object or its square come last. Each
/// object takes its cheapest candidates, as many as the sum of its best IoUs.
/// </summary>
/// <param name="options">Settings; null for those of PicoDet.</param>
internal sealed class SimOtaAssigner(SimOtaOptions? options = null) : IAssigner
{
    // Added where a location is not inside both the object and its center square: larger than any other cost.
    private const float OutsideCost = 1e8f;
    private const float Alpha = (float)VarifocalLossFormula.DefaultAlpha;
    private const float Gamma = (float)VarifocalLossFormula.DefaultGamma;

    private readonly SimOtaOptions _options = options ?? new();

    /// <inheritdoc/>
    public bool NeedsPredictions => true;

    /// <inheritdoc/>
    public AnchorAssignment Assign(AnchorGrid grid, GroundTruth groundTruth, AnchorPredictions predictions)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(groundTruth);
        (float[] boxes, int[] labels) = (groundTruth.Boxes, groundTruth.Labels);
        AssignmentGuard.RequireObjects(boxes, labels, AssignmentGuard.RequirePredictions(grid, predictions.Logits, predictions.Boxes));

        int[] candidates = FindCandidates(grid, boxes);
        if (candidates.Length == 0)
        {
            return AnchorAssignment.Empty;
        }

        int anchors = grid.Count;
        int classes = predictions.Logits.Length / anchors;
        float[] background = ComputeBackgroundCosts(predictions.Logits, classes, anchors, candidates);
        float[][] overlaps = new float[labels.Length][];
        float[][] costs = new float[labels.Length][];
        for (int k = 0; k < labels.Length; k++)
        {
            Box box = CandidateLocations.Box(boxes, k);
            ReadOnlySpan<float> logits = predictions.Logits.Slice(labels[k] * anchors, anchors);
            (overlaps[k], costs[k]) = (new float[candidates.Length], new float[candidates.Length]);
            for (int i = 0; i < candidates.Length; i++)
            {
                Box predicted = CandidateLocations.Box(predictions.Boxes, candidates[i]);
                float overlap = BoxIou.Iou(predicted, box);
                float logit = logits[candidates[i]];
                float cost = ((background[i] - Loss(logit, 0) + Loss(logit, overlap)) * (float)_options.ClassWeight)
                    + ((1 - BoxIou.Giou(predicted, box)) * (float)_options.IouWeight)
                    + (IsInsideBoth(grid, candidates[i], box) ? 0 : OutsideCost);

                // A prediction that is not finite is chosen only where there is no other.
                overlaps[k][i] = float.IsFinite(overlap) ? overlap : 0;
                costs[k][i] = float.IsNaN(cost) ? float.PositiveInfinity : cost;
            }
        }

        return DynamicMatching.Match(candidates, overlaps, costs, labels, _options.TopK);
    }

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

    private static float Loss(float logit, float quality) => VarifocalLossFormula.Evaluate(logit, quality, Alpha, Gamma).Loss;

    private int[] FindCandidates(AnchorGrid grid, float[] boxes)
    {
        bool[] inside = new bool[grid.Count];
        foreach (AnchorLevel level in grid.Levels)
        {
            for (int k = 0; k < boxes.Length / 4; k++)
            {
                Box box = CandidateLocations.Box(boxes, k);
                CandidateLocations.Mark(grid, level, box, inside);
                CandidateLocations.Mark(grid, level, GetCenterSquare(box, level.Stride), inside);
            }
        }

        return CandidateLocations.ToIndices(inside);
    }

    private bool IsInsideBoth(AnchorGrid grid, int location, Box box)
    {
        (float x, float y) = grid.Center(location);
        Box square = GetCenterSquare(box, grid.Levels[grid.LevelOf(location)].Stride);
        return IsInside(box, x, y) && IsInside(square, x, y);
    }

    private Box GetCenterSquare(Box box, int stride)
    {
        float radius = (float)_options.CenterRadius * stride;
        (float x, float y) = ((box.X1 + box.X2) / 2, (box.Y1 + box.Y2) / 2);
        return new Box(x - radius, y - radius, x + radius, y + radius);
    }

    private static bool IsInside(Box box, float x, float y) => x > box.X1 && x < box.X2 && y > box.Y1 && y < box.Y2;
}
