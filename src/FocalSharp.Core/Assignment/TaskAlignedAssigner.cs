using FocalSharp.Boxes;
using FocalSharp.Losses;

namespace FocalSharp.Assignment;

/// <summary>
/// Task-aligned assignment (TOOD, arXiv 2108.07755) with the settings of PicoDet's second generation, based on the network's predictions.
/// The alignment of a location with an object is p^α · IoU^β of its class probability and predicted box. Of the locations within an object,
/// those with the highest alignment are positive; one that several objects choose goes to the object with the highest IoU. The target score
/// of a positive is its alignment over the highest of its object, times the highest IoU of its object. At the start of a training, when
/// predictions mean nothing yet, ATSS assigns.
/// </summary>
/// <param name="options">Settings; null for those of PicoDet.</param>
internal sealed class TaskAlignedAssigner(TaskAlignedOptions? options = null) : IScheduledAssigner
{
    private const float Epsilon = 1e-9f;

    private readonly TaskAlignedOptions _options = options ?? new();
    private readonly AtssAssigner _static = new(new AtssOptions { TopK = (options ?? new()).StaticTopK });

    /// <inheritdoc/>
    public double Progress { private get; set; } = 1;

    /// <inheritdoc/>
    public bool NeedsPredictions => Progress >= _options.StaticFraction;

    /// <inheritdoc/>
    public AnchorAssignment Assign(AnchorGrid grid, GroundTruth groundTruth, AnchorPredictions predictions)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(groundTruth);
        if (!NeedsPredictions)
        {
            return _static.Assign(grid, groundTruth, predictions);
        }

        (float[] boxes, int[] labels) = (groundTruth.Boxes, groundTruth.Labels);
        AssignmentGuard.RequireObjects(boxes, labels, AssignmentGuard.RequirePredictions(grid, predictions.Logits, predictions.Boxes));

        SortedDictionary<int, List<int>> claims = []; // the objects that choose a location
        for (int k = 0; k < labels.Length; k++)
        {
            int[] inside = CandidateLocations.FindInside(grid, boxes.AsSpan(4 * k, 4));
            float[] alignments = new float[inside.Length];
            for (int i = 0; i < inside.Length; i++)
            {
                alignments[i] = ComputeAlignment(grid, groundTruth, predictions, inside[i], k);
            }

            foreach (int i in Enumerable.Range(0, inside.Length).Where(i => alignments[i] > 0).OrderByDescending(i => alignments[i]).ThenBy(i => i).Take(_options.TopK))
            {
                (claims.TryGetValue(inside[i], out List<int>? others) ? others : claims[inside[i]] = []).Add(k);
            }
        }

        int[] locations = [.. claims.Keys];
        int[] owners = new int[locations.Length];
        float[] overlaps = new float[locations.Length];
        float[] qualities = new float[locations.Length];
        float[] bestAlignments = new float[labels.Length];
        float[] bestOverlaps = new float[labels.Length];
        for (int i = 0; i < locations.Length; i++)
        {
            Box predicted = CandidateLocations.Box(predictions.Boxes, locations[i]);
            List<int> objects = claims[locations[i]];
            int owner = objects[0];
            if (objects.Count > 1)
            {
                owner = 0;
                for (int k = 1; k < labels.Length; k++)
                {
                    owner = BoxIou.Iou(predicted, CandidateLocations.Box(boxes, k)) > BoxIou.Iou(predicted, CandidateLocations.Box(boxes, owner)) ? k : owner;
                }
            }

            owners[i] = owner;
            overlaps[i] = BoxIou.Iou(predicted, CandidateLocations.Box(boxes, owner));
            qualities[i] = ComputeAlignment(grid, groundTruth, predictions, locations[i], owner);
            bestAlignments[owner] = Math.Max(bestAlignments[owner], qualities[i]);
            bestOverlaps[owner] = Math.Max(bestOverlaps[owner], overlaps[i]);
        }

        for (int i = 0; i < locations.Length; i++)
        {
            qualities[i] = qualities[i] / (bestAlignments[owners[i]] + Epsilon) * bestOverlaps[owners[i]];
        }

        return new AnchorAssignment(locations, owners, Array.ConvertAll(owners, owner => labels[owner]), overlaps) { Qualities = qualities };
    }

    private float ComputeAlignment(AnchorGrid grid, GroundTruth truth, AnchorPredictions predictions, int location, int k)
    {
        float overlap = BoxIou.Iou(CandidateLocations.Box(predictions.Boxes, location), CandidateLocations.Box(truth.Boxes, k));
        float probability = Sigmoid.Compute(predictions.Logits[(truth.Labels[k] * grid.Count) + location]);
        float alignment = MathF.Pow(probability, (float)_options.Alpha) * MathF.Pow(overlap, (float)_options.Beta);
        return float.IsFinite(alignment) ? alignment : 0;
    }
}
