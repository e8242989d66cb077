using System.Diagnostics;
using FocalSharp.Assignment;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Detectors;

/// <summary>
/// The training loss of a head. With the default options it equals the official code's: ATSS assigns every image, Quality Focal
/// Loss applies to every location with the IoU of the decoded box as target (paper, eq. 5), GIoU and Distribution Focal Loss
/// apply to the positives, weighted by the highest class score, which is detached.
/// </summary>
/// <remarks>
/// The classification loss is averaged by the sum over images of max(positives, 1), as in the official code; with an assigner
/// that needs predictions, by the positives of all images, at least 1, as in NanoDet-Plus.
/// </remarks>
public sealed class GflCriterion
{
    private readonly HeadOptions _head;
    private readonly GflLossOptions _options;
    private readonly int _classes;
    private readonly IAssigner _assigner;
    private readonly IClassificationLoss _classification;
    private readonly IBoxLoss _box;

    /// <summary>Initializes a loss whose assigner and losses are created from options.</summary>
    /// <param name="head">Anchors and distributions.</param>
    /// <param name="options">Assigner, losses and weights.</param>
    /// <param name="classes">
    /// Number of classes C. Score maps may have more channels (official GFLv2: C + 1), which are trained towards 0.
    /// </param>
    /// <exception cref="OptionException">An option is out of range, or a kind is not registered.</exception>
    public GflCriterion(HeadOptions head, GflLossOptions options, int classes)
        : this(
            head,
            options ?? throw new ArgumentNullException(nameof(options)),
            classes,
            Assigners.Create(options.Assigner),
            ClassificationLosses.Create(options.Classification),
            BoxLosses.Create(options.Box))
    {
    }

    /// <summary>Initializes a loss with a given assigner and given losses.</summary>
    /// <param name="head">Anchors and distributions.</param>
    /// <param name="options">Weights; its assigner and losses are not used.</param>
    /// <param name="classes">Number of classes C.</param>
    /// <param name="assigner">The assigner.</param>
    /// <param name="classification">The classification loss.</param>
    /// <param name="box">The box loss.</param>
    public GflCriterion(
        HeadOptions head, GflLossOptions options, int classes, IAssigner assigner, IClassificationLoss classification, IBoxLoss box)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentNullException.ThrowIfNull(assigner);
        ArgumentNullException.ThrowIfNull(classification);
        ArgumentNullException.ThrowIfNull(box);
        (_head, _options, _classes) = (head, options, classes);
        (_assigner, _classification, _box) = (assigner, classification, box);
    }

    /// <summary>
    /// Gets whether one fused pass computes Quality Focal Loss, Distribution Focal Loss and GIoU on the CPU (default), instead of
    /// operators; the results are equal except for rounding.
    /// </summary>
    public bool UseFusedKernels { get; init; } = true;

    /// <summary>Sets the part of the training that is done, 0 to 1, which some assigners depend on.</summary>
    internal double Progress
    {
        set
        {
            if (_assigner is IScheduledAssigner scheduled)
            {
                scheduled.Progress = value;
            }
        }
    }

    /// <summary>
    /// Sets what sums the normalizers over the processes that train together; null (default) for one process. The losses of the processes add up to
    /// the loss of the whole batch then.
    /// </summary>
    internal SumOverRanks? SumOverRanks { private get; set; }

    /// <summary>Gets the duration of the latest assignment.</summary>
    public TimeSpan AssignmentTime { get; private set; }

    /// <summary>Computes the loss of a batch.</summary>
    /// <param name="output">The output of the head; maps in bfloat16 are converted to float32.</param>
    /// <param name="targets">The objects of each image, in the order of the batch.</param>
    /// <returns>The losses, which the caller disposes.</returns>
    public LossTerms Compute(HeadOutput output, IReadOnlyList<GroundTruth> targets) => Compute(output, targets, out _);

    /// <summary>Computes the loss of a batch, and returns the positives it was computed from.</summary>
    internal LossTerms Compute(HeadOutput output, IReadOnlyList<GroundTruth> targets, out HeadTargets assigned)
    {
        using FinalizerPause pause = FinalizerPause.Begin();
        using DisposeScope scope = NewDisposeScope();
        Check(output, targets);
        if (output.Guidance is not { } guidance)
        {
            assigned = Assign(output, targets);
            return Compute(output, assigned);
        }

        // The guidance module's predictions assign the labels of both heads, and its boxes are the quality targets of both.
        Check(guidance, targets);
        assigned = Assign(guidance, targets);
        assigned.OverlapsAreQualities = true;
        using LossTerms own = Compute(output, assigned);
        using LossTerms guide = Compute(guidance, assigned);
        return new LossTerms(
            (own.Classification + guide.Classification).MoveToOuterDisposeScope(),
            (own.Box + guide.Box).MoveToOuterDisposeScope(),
            (own.Distribution + guide.Distribution).MoveToOuterDisposeScope(),
            assigned.Count);
    }

    private LossTerms Compute(HeadOutput output, HeadTargets targets)
    {
        if (TryComputeFused(output, targets) is LossTerms fused)
        {
            return fused;
        }

        LossParts parts = ComputeParts(output, targets);
        return new LossTerms(
            (parts.Classification.sum() * parts.ClassificationScale).MoveToOuterDisposeScope(),
            ((parts.Box.sum() * parts.BoxScale) + parts.GraphAnchor).MoveToOuterDisposeScope(),
            ((parts.Distribution.sum() * parts.DistributionScale) + parts.GraphAnchor).MoveToOuterDisposeScope(),
            parts.Targets.Count);
    }

    /// <summary>Computes the same loss split by level.</summary>
    /// <param name="output">The output of the head.</param>
    /// <param name="targets">The objects of each image.</param>
    internal LevelLossTerms ComputeByLevel(HeadOutput output, IReadOnlyList<GroundTruth> targets)
    {
        using DisposeScope scope = NewDisposeScope();
        Check(output, targets);
        LossParts parts = ComputeParts(output, Assign(output, targets));
        int levels = output.Scores.Count;
        (Tensor[] classification, Tensor[] box, Tensor[] distribution) = (new Tensor[levels], new Tensor[levels], new Tensor[levels]);
        for (int l = 0; l < levels; l++)
        {
            (int start, int count) = (parts.Targets.LevelStarts[l], parts.Targets.LevelStarts[l + 1] - parts.Targets.LevelStarts[l]);
            classification[l] = parts.Classification.narrow(2, parts.Targets.Grid.Levels[l].Start, parts.Targets.Grid.Levels[l].Count).sum() * parts.ClassificationScale;
            box[l] = (parts.Box.narrow(0, start, count).sum() * parts.BoxScale) + parts.GraphAnchor;
            distribution[l] = (parts.Distribution.narrow(0, start, count).sum() * parts.DistributionScale) + parts.GraphAnchor;
        }

        return new LevelLossTerms(
            stack(classification).MoveToOuterDisposeScope(),
            stack(box).MoveToOuterDisposeScope(),
            stack(distribution).MoveToOuterDisposeScope(),
            parts.ClassificationFactor,
            parts.BoxFactor.cpu().to(float64).item<double>());
    }

    private LossTerms? TryComputeFused(HeadOutput output, HeadTargets targets)
    {
        if (output.ScoresAreProbabilities || !UseFusedKernels || _classification is not QualityFocalLoss { FirstRelease: false } quality
            || _box is not GiouLoss { FirstRelease: false } giou)
        {
            return null;
        }

        Tensor[] scores = [.. output.Scores.Select(ToFloat32)];
        Tensor[] sides = [.. output.BoxDistributionLogits.Select(ToFloat32)];
        if (!FusedHeadLoss.Supports(scores, sides))
        {
            return null;
        }

        FusedHeadLoss.Settings settings = new(_options, (float)quality.Beta, (float)giou.Epsilon, SumOverRanks);
        (Tensor classification, Tensor box, Tensor distribution) = FusedHeadLoss.Apply(targets, settings, scores, sides);
        return new LossTerms(
            classification.MoveToOuterDisposeScope(), box.MoveToOuterDisposeScope(), distribution.MoveToOuterDisposeScope(), targets.Count);
    }

    private LossParts ComputeParts(HeadOutput output, HeadTargets targets)
    {
        // All levels concatenated, [B, C, anchors]: one operator instead of the official code's five.
        Tensor scores = cat([.. output.Scores.Select(map => ToFloat32(map).flatten(2))], 2);
        ScalarType type = scores.dtype;
        Device device = scores.device;
        Tensor image = tensor(targets.Images, device: device);
        Tensor anchor = tensor(targets.Anchors, device: device);
        (Tensor logits, Tensor graphAnchor) = GatherSideLogits(output.BoxDistributionLogits, targets);

        Tensor? given = targets.Qualities is { } known ? tensor(known, type, device) : null;
        Tensor weights;
        using (no_grad())
        {
            Tensor best = targets.Count == 0 ? zeros([0], type, device)
                : given is not null ? given
                : scores.index(TensorIndex.Tensor(image), TensorIndex.Colon, TensorIndex.Tensor(anchor)).amax([1]);
            weights = output.ScoresAreProbabilities || given is not null ? best : best.sigmoid();
        }

        Tensor boxFactor = weights.sum();
        double classificationFactor = Math.Max(targets.ClassificationSum, 1);
        if (SumOverRanks is null)
        {
            boxFactor = _options.DividesByWeightsOnly ? boxFactor + LossNormalizers.WeightEpsilon : boxFactor.clamp_min(1);
        }
        else
        {
            LossNormalizers normalizers = LossNormalizers.Create(targets.ClassificationSum, boxFactor.cpu().to(float64).item<double>(), SumOverRanks, _options.DividesByWeightsOnly);
            boxFactor = tensor(normalizers.Box, type, device);
            classificationFactor = normalizers.Classification;
        }

        Tensor boxes = Decode(logits, targets);
        Tensor objects = tensor(targets.Boxes, [targets.Count, 4], type, device);
        Tensor box = _box.Compute(boxes, objects) * weights;
        Tensor rows = logits.reshape(-1, _head.RegMax + 1);
        Tensor distribution = DistributionFocalLoss.Elements(rows, tensor(targets.Distances, type, device)).view(-1, 4) * weights.unsqueeze(1);

        Tensor qualities = zeros_like(scores);
        Tensor positives = zeros_like(scores);
        Tensor place = (((image * scores.size(1)) + tensor(targets.Labels, device: device)) * scores.size(2)) + anchor;
        if (targets.Count > 0)
        {
            using IDisposable guard = no_grad();
            Tensor quality = given
                ?? (targets.OverlapsAreQualities ? tensor(targets.Overlaps, type, device) : BoxOverlap.Iou(boxes, objects, BoxLoss.DefaultEpsilon));
            qualities.view(-1).index_copy_(0, place, quality);
            positives.view(-1).index_fill_(0, place, 1);
        }

        Tensor elements = _classification.Compute(scores, qualities, positives, output.ScoresAreProbabilities);
        if (_options.IgnoreNegativesAbove > 0)
        {
            Tensor ignored = scores.detach() > (output.ScoresAreProbabilities ? _options.IgnoreNegativesAbove : _options.IgnoreNegativesAboveLogit);
            ignored.view(-1).index_fill_(0, place, false);
            elements = elements.masked_fill(ignored, 0);
        }

        if (targets.AnchorWeights() is float[] anchorWeights)
        {
            elements = elements * tensor(anchorWeights, [targets.ImageGrids.Count, 1, targets.Grid.Count], type, device);
        }

        return new LossParts(
            targets,
            elements,
            box,
            distribution,
            graphAnchor,
            _options.GetClassificationScale(classificationFactor),
            classificationFactor,
            _options.BoxScale / boxFactor,
            _options.DistributionScale / boxFactor,
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
        AnchorGrid grid = AnchorGrid.Create([.. _head.Strides], sizes, _head.AnchorScale, _head.CenterOffset);
        if (!_assigner.NeedsPredictions)
        {
            return HeadTargets.Create(
                _head, grid, images, _classes, (i, own) => _assigner.Assign(own, images[i], default), averageOverBatch: false);
        }

        using IDisposable guard = no_grad();
        Tensor known = cat([.. output.Scores.Select(map => ToFloat32(map).narrow(1, 0, _classes).flatten(2))], 2);
        float[] logits = ReadValues(output.ScoresAreProbabilities ? known.logit() : known);
        float[] boxes = ReadValues(PredictedBoxes(output.BoxDistributionLogits));
        (int perImage, int anchors) = (_classes * grid.Count, grid.Count);
        return HeadTargets.Create(
            _head,
            grid,
            images,
            _classes,
            (i, own) => _assigner.Assign(
                own, images[i], new AnchorPredictions(logits.AsSpan(i * perImage, perImage), boxes.AsSpan(4 * i * anchors, 4 * anchors))),
            averageOverBatch: true);

        static float[] ReadValues(Tensor tensor) => NativeCopy.ToArray<float>(tensor.to(float32));
    }

    /// <summary>Decodes the boxes of all locations in pixels, <c>[B, anchors, 4]</c>.</summary>
    private Tensor PredictedBoxes(IReadOnlyList<Tensor> sides)
    {
        Tensor[] levels = new Tensor[sides.Count];
        for (int l = 0; l < levels.Length; l++)
        {
            Tensor map = ToFloat32(sides[l]);
            (long height, long width, double stride) = (map.size(2), map.size(3), _head.Strides[l]);
            Tensor bins = arange(_head.RegMax + 1, map.dtype, map.device).view(1, 1, -1, 1, 1);
            Tensor distance = (nn.functional.softmax(map.reshape(map.size(0), 4, _head.RegMax + 1, height, width), 2) * bins).sum(2);
            Tensor x = (arange(width, map.dtype, map.device) + _head.CenterOffset).view(1, 1, 1, -1).expand(1, 1, height, width);
            Tensor y = (arange(height, map.dtype, map.device) + _head.CenterOffset).view(1, 1, -1, 1).expand(1, 1, height, width);
            Tensor center = cat([x, y], 1);
            Tensor boxes = cat([center - distance.narrow(1, 0, 2), center + distance.narrow(1, 2, 2)], 1) * stride;
            levels[l] = boxes.flatten(2).transpose(1, 2);
        }

        return cat(levels, 1);
    }

    private static Tensor ToFloat32(Tensor map) => map.dtype is ScalarType.Float32 or ScalarType.Float64 ? map : map.to(float32);

    /// <summary>
    /// Returns the side logits of all positives, <c>[N, 4·(n+1)]</c>, and a 0 that connects levels without positives to the
    /// graph, so that their parameters get a gradient of 0 instead of none.
    /// </summary>
    private static (Tensor Logits, Tensor GraphAnchor) GatherSideLogits(IReadOnlyList<Tensor> sides, HeadTargets targets)
    {
        List<Tensor> gathered = [];
        Device device = sides[0].device;
        Tensor graphAnchor = zeros([], ToFloat32(sides[0]).dtype, device);
        for (int l = 0; l < sides.Count; l++)
        {
            int count = targets.LevelStarts[l + 1] - targets.LevelStarts[l];
            if (count == 0)
            {
                graphAnchor = graphAnchor + (ToFloat32(sides[l].narrow(0, 0, 1).narrow(1, 0, 1).narrow(2, 0, 1).narrow(3, 0, 1)).sum() * 0);
                continue;
            }

            int start = targets.Grid.Levels[l].Start;
            Range range = targets.LevelStarts[l]..targets.LevelStarts[l + 1];
            Tensor image = tensor(targets.Images[range], device: device);
            Tensor location = tensor(Array.ConvertAll(targets.Anchors[range], anchor => anchor - start), device: device);
            gathered.Add(ToFloat32(sides[l].flatten(2).index(TensorIndex.Tensor(image), TensorIndex.Colon, TensorIndex.Tensor(location))));
        }

        return (gathered.Count == 0 ? zeros([0, sides[0].size(1)], ToFloat32(sides[0]).dtype, device) : cat(gathered, 0), graphAnchor);
    }

    private Tensor Decode(Tensor logits, HeadTargets targets)
    {
        Tensor bins = arange(_head.RegMax + 1, logits.dtype, logits.device);
        Tensor distance = nn.functional.softmax(logits.reshape(-1, 4, _head.RegMax + 1), 2).matmul(bins);
        Tensor center = tensor(targets.Centers, [targets.Count, 2], logits.dtype, logits.device);
        return cat([center - distance.narrow(1, 0, 2), center + distance.narrow(1, 2, 2)], 1);
    }

    private void Check(HeadOutput output, IReadOnlyList<GroundTruth> targets)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Any(image => image is null))
        {
            throw new ArgumentException("An image's objects are null; an image without objects has empty arrays.", nameof(targets));
        }

        if (output.Scores.Count != _head.Strides.Count || output.BoxDistributionLogits.Count != _head.Strides.Count)
        {
            throw new ArgumentException($"The head has {_head.Strides.Count} strides, but its output {output.Scores.Count} score and {output.BoxDistributionLogits.Count} box levels.", nameof(output));
        }

        output.RequireLive(nameof(output));
        if (output.Scores[0].size(0) != targets.Count || output.Scores[0].size(1) < _classes || output.BoxDistributionLogits[0].size(1) != 4 * (_head.RegMax + 1))
        {
            throw new ArgumentException(
                $"{targets.Count} images of {_classes} classes and {_head.RegMax + 1} bins a side do not fit scores of shape " +
                $"[{string.Join(", ", output.Scores[0].shape)}] and sides of shape [{string.Join(", ", output.BoxDistributionLogits[0].shape)}].",
                nameof(output));
        }
    }

    private sealed record LossParts(
        HeadTargets Targets,
        Tensor Classification,
        Tensor Box,
        Tensor Distribution,
        Tensor GraphAnchor,
        double ClassificationScale,
        double ClassificationFactor,
        Tensor BoxScale,
        Tensor DistributionScale,
        Tensor BoxFactor);
}
