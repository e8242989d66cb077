using System.Diagnostics;
using FocalSharp.Assignment;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Losses.Fused;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Detectors;

/// <summary>
/// The training loss of a GFL head, equal to the official code's number for number: ATSS (or NanoDet-Plus's assignment) on every image,
/// Quality Focal Loss at every location with the IoU of the decoded box as target (paper, eq. 5), GIoU and Distribution Focal Loss at the
/// positives, weighted by the detached class score.
/// </summary>
/// <param name="head">Anchors and distributions.</param>
/// <param name="options">Assignment and weights.</param>
/// <param name="classes">Number of classes C. Maps may hold more channels (GFLv2's official head has C + 1): they only ever learn 0.</param>
public sealed class GflCriterion(HeadOptions head, GflLossOptions options, int classes)
{
    private readonly AtssAssigner _atss = new(new AtssOptions { TopK = options.AssignerTopK });
    private readonly DynamicSoftLabelAssigner _dynamic = new();

    /// <summary>
    /// Whether maps in float32 or bfloat16 in main memory are computed on by one fused pass (default), or composed of operators as everywhere
    /// else; the numbers are the same but for rounding.
    /// </summary>
    public bool UseFusedKernels { get; init; } = true;

    /// <summary>How long the latest assignment took, for a profile.</summary>
    public TimeSpan AssignmentTime { get; private set; }

    /// <summary>Computes the loss of a batch.</summary>
    /// <param name="output">What the head said. Maps in bfloat16 are brought to float32 first.</param>
    /// <param name="targets">The objects of each image, in the order of the batch.</param>
    public LossTerms Compute(HeadOutput output, IReadOnlyList<GroundTruth> targets)
    {
        using FinalizerPause pause = FinalizerPause.Begin();
        using DisposeScope scope = NewDisposeScope();
        Check(output, targets);
        if (TryComputeFused(output, targets) is LossTerms fused)
        {
            return fused;
        }

        LossParts parts = ComputeParts(output, targets);
        return new LossTerms(
            (parts.Quality.sum() * parts.QualityScale).MoveToOuterDisposeScope(),
            ((parts.Box.sum() * parts.BoxScale) + parts.GraphAnchor).MoveToOuterDisposeScope(),
            ((parts.Distribution.sum() * parts.DistributionScale) + parts.GraphAnchor).MoveToOuterDisposeScope(),
            parts.Targets.Count);
    }

    /// <summary>Computes the same loss split by level, for comparison with other implementations.</summary>
    /// <param name="output">What the head said.</param>
    /// <param name="targets">The objects of each image.</param>
    public LevelLossTerms ComputeByLevel(HeadOutput output, IReadOnlyList<GroundTruth> targets)
    {
        using DisposeScope scope = NewDisposeScope();
        Check(output, targets);
        LossParts parts = ComputeParts(output, targets);
        int levels = output.Scores.Count;
        (Tensor[] quality, Tensor[] box, Tensor[] distribution) = (new Tensor[levels], new Tensor[levels], new Tensor[levels]);
        for (int l = 0; l < levels; l++)
        {
            (int start, int count) = (parts.Targets.LevelStarts[l], parts.Targets.LevelStarts[l + 1] - parts.Targets.LevelStarts[l]);
            quality[l] = parts.Quality.narrow(2, parts.Targets.Grid.Levels[l].Start, parts.Targets.Grid.Levels[l].Count).sum() * parts.QualityScale;
            box[l] = (parts.Box.narrow(0, start, count).sum() * parts.BoxScale) + parts.GraphAnchor;
            distribution[l] = (parts.Distribution.narrow(0, start, count).sum() * parts.DistributionScale) + parts.GraphAnchor;
        }

        return new LevelLossTerms(
            stack(quality).MoveToOuterDisposeScope(),
            stack(box).MoveToOuterDisposeScope(),
            stack(distribution).MoveToOuterDisposeScope(),
            parts.Targets.QualityFactor,
            parts.BoxFactor.cpu().to(float64).item<double>());
    }

    private LossTerms? TryComputeFused(HeadOutput output, IReadOnlyList<GroundTruth> images)
    {
        if (output.ScoresAreProbabilities || !UseFusedKernels || options.Classification != ClassificationLoss.Quality)
        {
            return null;
        }

        Tensor[] scores = [.. output.Scores.Select(ToFloat32)];
        Tensor[] sides = [.. output.BoxDistributionLogits.Select(ToFloat32)];
        if (!FusedHeadLoss.Supports(scores, sides))
        {
            return null;
        }

        HeadTargets targets = Assign(output, images);
        (Tensor quality, Tensor box, Tensor distribution) = FusedHeadLoss.Apply(targets, options, scores, sides);
        return new LossTerms(
            quality.MoveToOuterDisposeScope(), box.MoveToOuterDisposeScope(), distribution.MoveToOuterDisposeScope(), targets.Count);
    }

    private LossParts ComputeParts(HeadOutput output, IReadOnlyList<GroundTruth> images)
    {
        HeadTargets targets = Assign(output, images);

        // All levels side by side, [B, C, anchors]: one operator where the official code has five.
        Tensor scores = cat([.. output.Scores.Select(map => ToFloat32(map).flatten(2))], 2);
        ScalarType type = scores.dtype;
        Device device = scores.device;
        Tensor image = tensor(targets.Images, device: device);
        Tensor anchor = tensor(targets.Anchors, device: device);
        (Tensor logits, Tensor nothing) = GatherSideLogits(output.BoxDistributionLogits, targets);

        Tensor weights;
        using (no_grad())
        {
            Tensor best = targets.Count == 0
                ? zeros([0], type, device)
                : scores.index(TensorIndex.Tensor(image), TensorIndex.Colon, TensorIndex.Tensor(anchor)).amax([1]);
            weights = output.ScoresAreProbabilities ? best : best.sigmoid();
        }

        Tensor boxFactor = weights.sum().clamp_min(1);
        (Tensor iou, Tensor giou) = BoxOverlap.Giou(
            Decode(logits, targets), tensor(targets.Boxes, [targets.Count, 4], type, device), BoxLoss.DefaultEpsilon);
        Tensor box = (1 - giou) * weights;
        Tensor rows = logits.reshape(-1, head.RegMax + 1);
        Tensor distribution = DistributionFocalLoss.Elements(rows, tensor(targets.Distances, type, device)).view(-1, 4) * weights.unsqueeze(1);

        Tensor quality = zeros_like(scores);
        Tensor place = (((image * scores.size(1)) + tensor(targets.Labels, device: device)) * scores.size(2)) + anchor;
        bool focal = options.Classification == ClassificationLoss.Focal;
        if (targets.Count > 0)
        {
            quality.view(-1).index_copy_(0, place, focal ? ones_like(iou) : iou.detach());
        }

        Tensor elements = focal
            ? FocalLoss.Elements(scores, quality, options.FocalGamma, options.FocalAlpha)
            : QualityFocalLoss.Elements(scores, quality, options.Beta, output.ScoresAreProbabilities);
        if (options.IgnoreNegativesAbove > 0)
        {
            Tensor ignored = scores.detach() > (output.ScoresAreProbabilities ? options.IgnoreNegativesAbove : options.IgnoreNegativesAboveLogit);
            ignored.view(-1).index_fill_(0, place, false);
            elements = elements.masked_fill(ignored, 0);
        }

        if (targets.AnchorWeights() is float[] anchorWeights)
        {
            elements = elements * tensor(anchorWeights, [images.Count, 1, targets.Grid.Count], type, device);
        }

        // The official modules average by 1 and by 4, each with its epsilon, before the sum of weights divides them.
        return new LossParts(
            targets,
            elements,
            box,
            distribution,
            nothing,
            options.QualityWeight / (targets.QualityFactor + LossReducer.FloatEpsilon),
            options.BoxWeight / (1 + LossReducer.FloatEpsilon) / boxFactor,
            options.DistributionWeight / (4 + LossReducer.FloatEpsilon) / boxFactor,
            boxFactor);
    }

    private HeadTargets Assign(HeadOutput output, IReadOnlyList<GroundTruth> images)
    {
        long started = Stopwatch.GetTimestamp();
        HeadTargets targets = AssignAll(output, images);
        AssignmentTime = Stopwatch.GetElapsedTime(started);
        return targets;
    }

    private HeadTargets AssignAll(HeadOutput output, IReadOnlyList<GroundTruth> images)
    {
        (int Width, int Height)[] sizes = [.. output.Scores.Select(map => ((int)map.size(3), (int)map.size(2)))];
        AnchorGrid grid = AnchorGrid.Create([.. head.Strides], sizes, head.AnchorScale, head.CenterOffset);
        if (options.Assigner == AssignerKind.Atss)
        {
            return HeadTargets.Create(
                head, grid, images, classes, (i, own) => _atss.Assign(own, images[i].Boxes, images[i].Labels), together: false);
        }

        using IDisposable guard = no_grad();
        Tensor known = cat([.. output.Scores.Select(map => ToFloat32(map).narrow(1, 0, classes).flatten(2))], 2);
        float[] logits = Numbers(output.ScoresAreProbabilities ? known.logit() : known);
        float[] boxes = Numbers(PredictedBoxes(output.BoxDistributionLogits));
        (int perImage, int anchors) = (classes * grid.Count, grid.Count);
        return HeadTargets.Create(
            head,
            grid,
            images,
            classes,
            (i, own) => _dynamic.Assign(
                own, images[i].Boxes, images[i].Labels, logits.AsSpan(i * perImage, perImage), boxes.AsSpan(4 * i * anchors, 4 * anchors)),
            together: true);

        static float[] Numbers(Tensor tensor) => NativeCopy.ToArray<float>(tensor.to(float32));
    }

    /// <summary>The boxes of all locations in pixels, <c>[B, anchors, 4]</c>.</summary>
    private Tensor PredictedBoxes(IReadOnlyList<Tensor> sides)
    {
        Tensor[] levels = new Tensor[sides.Count];
        for (int l = 0; l < levels.Length; l++)
        {
            Tensor map = ToFloat32(sides[l]);
            (long height, long width, double stride) = (map.size(2), map.size(3), head.Strides[l]);
            Tensor bins = arange(head.RegMax + 1, map.dtype, map.device).view(1, 1, -1, 1, 1);
            Tensor distance = (nn.functional.softmax(map.reshape(map.size(0), 4, head.RegMax + 1, height, width), 2) * bins).sum(2);
            Tensor x = (arange(width, map.dtype, map.device) + head.CenterOffset).view(1, 1, 1, -1).expand(1, 1, height, width);
            Tensor y = (arange(height, map.dtype, map.device) + head.CenterOffset).view(1, 1, -1, 1).expand(1, 1, height, width);
            Tensor center = cat([x, y], 1);
            Tensor boxes = cat([center - distance.narrow(1, 0, 2), center + distance.narrow(1, 2, 2)], 1) * stride;
            levels[l] = boxes.flatten(2).transpose(1, 2);
        }

        return cat(levels, 1);
    }

    private static Tensor ToFloat32(Tensor map) => map.dtype is ScalarType.Float32 or ScalarType.Float64 ? map : map.to(float32);

    /// <summary>
    /// The side logits of all positives, <c>[n, 4·(n+1)]</c>, and a zero that ties levels without positives to the graph, so that
    /// their parameters get a gradient of 0 rather than none.
    /// </summary>
    private static (Tensor Logits, Tensor GraphAnchor) GatherSideLogits(IReadOnlyList<Tensor> sides, HeadTargets targets)
    {
        List<Tensor> gathered = [];
        Device device = sides[0].device;
        Tensor nothing = zeros([], ToFloat32(sides[0]).dtype, device);
        for (int l = 0; l < sides.Count; l++)
        {
            int count = targets.LevelStarts[l + 1] - targets.LevelStarts[l];
            if (count == 0)
            {
                nothing = nothing + (ToFloat32(sides[l].narrow(0, 0, 1).narrow(1, 0, 1).narrow(2, 0, 1).narrow(3, 0, 1)).sum() * 0);
                continue;
            }

            int start = targets.Grid.Levels[l].Start;
            Range range = targets.LevelStarts[l]..targets.LevelStarts[l + 1];
            Tensor image = tensor(targets.Images[range], device: device);
            Tensor location = tensor(Array.ConvertAll(targets.Anchors[range], anchor => anchor - start), device: device);
            gathered.Add(ToFloat32(sides[l].flatten(2).index(TensorIndex.Tensor(image), TensorIndex.Colon, TensorIndex.Tensor(location))));
        }

        return (gathered.Count == 0 ? zeros([0, sides[0].size(1)], ToFloat32(sides[0]).dtype, device) : cat(gathered, 0), nothing);
    }

    private Tensor Decode(Tensor logits, HeadTargets targets)
    {
        Tensor bins = arange(head.RegMax + 1, logits.dtype, logits.device);
        Tensor distance = nn.functional.softmax(logits.reshape(-1, 4, head.RegMax + 1), 2).matmul(bins);
        Tensor center = tensor(targets.Centers, [targets.Count, 2], logits.dtype, logits.device);
        return cat([center - distance.narrow(1, 0, 2), center + distance.narrow(1, 2, 2)], 1);
    }

    private void Check(HeadOutput output, IReadOnlyList<GroundTruth> images)
    {
        if (output.Scores.Count != head.Strides.Count || output.BoxDistributionLogits.Count != head.Strides.Count)
        {
            throw new ArgumentException($"{head.Strides.Count} strides need as many levels; the output has {output.Scores.Count} and {output.BoxDistributionLogits.Count}.", nameof(output));
        }

        if (output.Scores[0].size(0) != images.Count || output.Scores[0].size(1) < classes || output.BoxDistributionLogits[0].size(1) != 4 * (head.RegMax + 1))
        {
            throw new ArgumentException(
                $"{images.Count} images of {classes} classes and {head.RegMax + 1} bins a side do not fit scores of shape " +
                $"[{string.Join(", ", output.Scores[0].shape)}] and sides of shape [{string.Join(", ", output.BoxDistributionLogits[0].shape)}].",
                nameof(output));
        }
    }

    private sealed record LossParts(
        HeadTargets Targets,
        Tensor Quality,
        Tensor Box,
        Tensor Distribution,
        Tensor GraphAnchor,
        double QualityScale,
        Tensor BoxScale,
        Tensor DistributionScale,
        Tensor BoxFactor);
}
