using FocalSharp.Assignment;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Detectors.Distillation;

/// <summary>
/// The losses that draw a student to a teacher, beside the student's own. Localization distillation at the positives equals mmdetection's LD head:
/// <c>KL(softmax(teacher / T) ‖ softmax(student / T)) · T²</c>, averaged over the bins, weighted by the highest class score, summed over positives and sides
/// and divided by 4.
/// </summary>
/// <remarks>
/// Levels meet where the strides are equal; a teacher whose bins or centers differ is re-binned (<see cref="TeacherHead.GetRebinning"/>). Classes
/// meet by name.
/// </remarks>
internal sealed class DistillationCriterion
{
    // The valuable region's weight applies to a sixteenth of its sum (HikariTJU/LD).
    private const double RegionDivisor = 16;
    private const double Beta = 2;
    private const double Epsilon = 1e-12;

    private readonly HeadOptions _head;
    private readonly TeacherHead _teacher;
    private readonly DistillationOptions _options;
    private readonly AtssAssigner _thresholds;
    private readonly (long Student, long Teacher)[] _classes;
    private readonly int _studentClasses;

    /// <summary>Initializes the losses.</summary>
    /// <param name="head">The student's anchors and distributions.</param>
    /// <param name="classes">The student's class names.</param>
    /// <param name="assigner">The student's label assignment; unless it is ATSS, the official ATSS bounds the valuable regions.</param>
    /// <param name="teacher">The teacher's head.</param>
    /// <param name="options">The weights.</param>
    /// <exception cref="ModelException">No level of the two has the same stride, or none of the classes meets where they must.</exception>
    public DistillationCriterion(HeadOptions head, IReadOnlyList<string> classes, AssignerOptions assigner, TeacherHead teacher, DistillationOptions options)
    {
        (_head, _teacher, _options, _studentClasses) = (head, teacher, options, classes.Count);
        _thresholds = new AtssAssigner(assigner as AtssOptions);
        _classes =
        [
            .. classes.Select((name, student) => ((long)student, (long)teacher.Classes.ToList().FindIndex(other => string.Equals(name, other, StringComparison.OrdinalIgnoreCase))))
                .Where(pair => pair.Item2 >= 0),
        ];
        if (!head.Strides.Any(teacher.Strides.Contains))
        {
            throw new ModelException(
                $"the teacher has levels at strides {string.Join(", ", teacher.Strides)}, the student at {string.Join(", ", head.Strides)}: none is equal; choose a teacher with one of these strides.");
        }

        if (options.ClassWeight > 0 && _classes.Length == 0)
        {
            throw new ModelException(
                $"the teacher has none of the student's classes ({string.Join(", ", classes.Take(5))}), which distillation.classWeight needs; set it to 0, or choose a teacher with these classes.");
        }
    }

    /// <summary>Gets or sets what sums over the ranks that train together, whose losses add up to those of the whole batch; null for one process.</summary>
    public SumOverRanks? SumOverRanks { get; set; }

    /// <summary>Computes the weighted sum of all losses, a scalar with gradient.</summary>
    /// <param name="output">The student's output.</param>
    /// <param name="targets">The student's positives.</param>
    /// <param name="truths">The objects of each image.</param>
    /// <param name="teacher">The teacher's output for the same batch.</param>
    public Tensor Compute(HeadOutput output, HeadTargets targets, IReadOnlyList<GroundTruth> truths, TeacherOutput teacher)
    {
        using DisposeScope scope = NewDisposeScope();
        long[] points = MapPoints(targets.Grid, (int)teacher.Sides.size(1));
        Span<double> divisors = [targets.ClassificationSum, output.Scores[0].size(0)];
        SumOverRanks?.Invoke(divisors);
        (double positives, double images) = (Math.Max(divisors[0], 1), divisors[1]);
        Tensor total = LocalizationByPositive(output, targets, teacher).sum();
        if (_options.ValuableRegionWeight > 0 && FindRegion(targets, truths, points) is { Anchors.Length: > 0 } region)
        {
            total = total + (RowDivergence(output, targets.Grid, region.Images, region.Anchors, points, teacher).sum(1)
                * tensor(region.Weights, device: total.device)).sum() * (_options.ValuableRegionWeight / RegionDivisor);
        }

        if (_options.ClassWeight > 0)
        {
            total = total + (ComputeClasses(output, targets, points, teacher) * (_options.ClassWeight / positives));
        }

        if (_options.FeatureWeight > 0)
        {
            total = total + (ComputeFeatures(output, teacher) * (_options.FeatureWeight / images));
        }

        return total.MoveToOuterDisposeScope();
    }

    /// <summary>Computes the weighted localization loss of each positive, <c>[N]</c>.</summary>
    internal Tensor LocalizationByPositive(HeadOutput output, HeadTargets targets, TeacherOutput teacher)
    {
        using DisposeScope scope = NewDisposeScope();
        long[] points = MapPoints(targets.Grid, (int)teacher.Sides.size(1));
        Tensor divergence = RowDivergence(output, targets.Grid, targets.Images, targets.Anchors, points, teacher).sum(1);
        Tensor best = Gather(output.Scores, targets.Grid, targets.Images, targets.Anchors).detach().amax([1]);
        Tensor weights = output.ScoresAreProbabilities ? best : best.sigmoid();
        return (divergence * weights * (_options.LocalizationWeight / (4 + LossReducer.FloatEpsilon))).MoveToOuterDisposeScope();
    }

    /// <summary>Returns, for each anchor of the student, the teacher's point at the same cell, or −1.</summary>
    private long[] MapPoints(AnchorGrid grid, int teacherPoints)
    {
        long[] points = new long[grid.Count];
        Array.Fill(points, -1);
        Dictionary<int, (int Start, int Count)> levels = [];
        int next = 0;
        (int width, int height) = (grid.Levels[0].Width * grid.Levels[0].Stride, grid.Levels[0].Height * grid.Levels[0].Stride);
        foreach (int stride in _teacher.Strides)
        {
            int count = ((width + stride - 1) / stride) * ((height + stride - 1) / stride);
            levels.Add(stride, (next, count));
            next += count;
        }

        if (next != teacherPoints)
        {
            throw new ModelException($"the teacher has {teacherPoints} locations for an input of {width}x{height} pixels, where its strides give {next}.");
        }

        foreach (ref readonly AnchorLevel level in grid.Levels)
        {
            if (levels.TryGetValue(level.Stride, out (int Start, int Count) own) && own.Count == level.Count)
            {
                for (int i = 0; i < level.Count; i++)
                {
                    points[level.Start + i] = own.Start + i;
                }
            }
        }

        return points;
    }

    /// <summary>Computes the divergence of the four sides at some anchors, <c>[N, 4]</c>; 0 where the teacher has no location.</summary>
    private Tensor RowDivergence(HeadOutput output, AnchorGrid grid, long[] images, long[] anchors, long[] points, TeacherOutput teacher)
    {
        Device device = output.Scores[0].device;
        Tensor student = Gather(output.BoxDistributionLogits, grid, images, anchors).reshape(-1, 4, _head.RegMax + 1);
        Tensor present = tensor(Array.ConvertAll(anchors, anchor => points[anchor] >= 0 ? 1f : 0f), device: device).unsqueeze(1);
        Tensor goal;
        using (no_grad())
        {
            Tensor place = tensor(Array.ConvertAll(anchors, anchor => Math.Max(points[anchor], 0)), device: device);
            Tensor given = teacher.Sides.to(device).index(TensorIndex.Tensor(tensor(images, device: device)), TensorIndex.Tensor(place));
            goal = nn.functional.softmax(given.to(student.dtype).reshape(-1, 4, _teacher.RegMax + 1) / _options.Temperature, 2);
            goal = Rebin(goal);
        }

        Tensor logs = nn.functional.log_softmax(student / _options.Temperature, 2);
        Tensor divergence = nn.functional.kl_div(logs, goal, log_target: false, reduction: nn.Reduction.None);
        return divergence.mean([2]) * (_options.Temperature * _options.Temperature) * present.to(student.dtype);
    }

    private Tensor Rebin(Tensor distributions)
    {
        float[,]?[] matrices = [.. Enumerable.Range(0, 4).Select(side => _teacher.GetRebinning(_head, side))];
        return matrices[0] is null ? distributions : stack(
            [.. matrices.Select((matrix, side) => distributions.select(1, side).matmul(tensor(matrix!, device: distributions.device).to(distributions.dtype)))], 1);
    }

    private (long[] Images, long[] Anchors, float[] Weights) FindRegion(HeadTargets targets, IReadOnlyList<GroundTruth> truths, long[] points)
    {
        (int Image, int Anchor, float Weight)[] all =
        [
            .. truths.SelectMany((truth, image) => ValuableLocalizationRegion.Find(_thresholds, targets.ImageGrids[image], truth)
                .Where(found => points[found.Anchor] >= 0)
                .Select(found => (image, found.Anchor, found.Weight))).OrderBy(found => targets.Grid.LevelOf(found.Anchor)),
        ];
        return ([.. all.Select(found => (long)found.Image)], [.. all.Select(found => (long)found.Anchor)], [.. all.Select(found => found.Weight)]);
    }

    private Tensor ComputeClasses(HeadOutput output, HeadTargets targets, long[] points, TeacherOutput teacher)
    {
        Device device = output.Scores[0].device;
        Tensor student = TeacherOutput.ByLocation(output.Scores).narrow(2, 0, _studentClasses);
        student = output.ScoresAreProbabilities ? TeacherOutput.ToLogits(student) : student;
        long[] anchors = [.. points.Select((point, anchor) => point < 0 ? -1 : anchor).Where(anchor => anchor >= 0).Select(anchor => (long)anchor)];
        Tensor place = tensor(anchors, device: device);
        Tensor logits = student.index_select(1, place).index_select(2, tensor([.. _classes.Select(pair => pair.Student)], device: device));
        Tensor goal;
        using (no_grad())
        {
            goal = teacher.Logits.to(device).index_select(1, tensor(Array.ConvertAll(anchors, anchor => points[anchor]), device: device))
                .index_select(2, tensor([.. _classes.Select(pair => pair.Teacher)], device: device)).sigmoid();
        }

        Tensor elements = nn.functional.binary_cross_entropy_with_logits(logits, goal, reduction: nn.Reduction.None) * (goal - logits.sigmoid()).abs().pow(Beta);
        if (targets.AnchorWeights() is float[] valid)
        {
            elements = elements * tensor(valid, [targets.ImageGrids.Count, targets.Grid.Count, 1], device: device).index_select(1, place);
        }

        return elements.sum();
    }

    private Tensor ComputeFeatures(HeadOutput output, TeacherOutput teacher)
    {
        if (output.Features is not { } own || teacher.Features is not { } given)
        {
            throw new ModelException("distillation.featureWeight needs a teacher with a neck: weights, not an ONNX file.");
        }

        Tensor sum = zeros([], device: output.Scores[0].device);
        for (int level = 0; level < own.Count; level++)
        {
            int other = _teacher.Strides.ToList().IndexOf(_head.Strides[level]);
            if (other >= 0)
            {
                sum = sum + (Attention(own[level]) - Attention(given[other].to(sum.device))).pow(2).sum();
            }
        }

        return sum;

        static Tensor Attention(Tensor map)
        {
            Tensor energy = map.to(float32).pow(2).mean([1]).flatten(1);
            return energy / (energy.norm(1, keepdim: true, p: 2) + Epsilon);
        }
    }

    /// <summary>Returns the values of maps at some anchors, <c>[N, channels]</c>, in the order of the anchors, which ascend by level.</summary>
    private static Tensor Gather(IReadOnlyList<Tensor> maps, AnchorGrid grid, long[] images, long[] anchors)
    {
        List<Tensor> gathered = [];
        Device device = maps[0].device;
        int next = 0;
        for (int l = 0; l < maps.Count; l++)
        {
            AnchorLevel level = grid.Levels[l];
            int first = next;
            while (next < anchors.Length && anchors[next] < level.Start + level.Count)
            {
                next++;
            }

            Tensor image = tensor(images[first..next], device: device);
            Tensor location = tensor(Array.ConvertAll(anchors[first..next], anchor => anchor - level.Start), device: device);
            Tensor map = maps[l].dtype is ScalarType.Float32 or ScalarType.Float64 ? maps[l] : maps[l].to(float32);
            gathered.Add(map.flatten(2).index(TensorIndex.Tensor(image), TensorIndex.Colon, TensorIndex.Tensor(location)));
        }

        return cat(gathered, 0);
    }
}
