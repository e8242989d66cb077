using FocalSharp.Assignment;
using FocalSharp.Losses;
using FocalSharp.Losses.Vectorized;
using FocalSharp.Torch.Losses.Fused;
using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Detectors;

/// <summary>
/// Quality Focal Loss, GIoU and Distribution Focal Loss of a head on the CPU with their gradients by its maps, in one pass of
/// managed code over each map. <see cref="GflCriterion"/> computes the same with operators for other devices, precisions and
/// losses.
/// </summary>
internal sealed class FusedHeadLoss : autograd.MultiTensorFunction<FusedHeadLoss>
{
    // Elements of a class map per work item.
    private const int ChunkSize = 1 << 15;

    /// <inheritdoc/>
    public override string Name => nameof(FusedHeadLoss);

    /// <summary>Returns whether the maps of an output are supported.</summary>
    public static bool Supports(IReadOnlyList<Tensor> scores, IReadOnlyList<Tensor> sides) => scores.All(NativeFloat32.Supports) && sides.All(NativeFloat32.Supports);

    /// <summary>Computes the three losses as scalars with gradient.</summary>
    public static (Tensor Classification, Tensor Box, Tensor Distribution) Apply(
        HeadTargets targets, Settings settings, IReadOnlyList<Tensor> scores, IReadOnlyList<Tensor> sides)
    {
        List<Tensor> losses = apply([targets, settings, .. scores, .. sides]);
        return (losses[0], losses[1], losses[2]);
    }

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        HeadTargets targets = (HeadTargets)vars[0];
        Settings settings = (Settings)vars[1];
        int levels = targets.Grid.Levels.Length;
        Tensor[] scores = [.. vars.Skip(2).Take(levels).Select(map => ((Tensor)map).contiguous())];
        Tensor[] sides = [.. vars.Skip(2 + levels).Select(map => ((Tensor)map).contiguous())];
        int channels = (int)scores[0].size(1);
        int bins = (int)sides[0].size(1) / 4;
        NativeFloat32[] logits = Array.ConvertAll(scores, map => new NativeFloat32(map));
        PositiveLosses positives = PositiveLosses.Compute(targets, logits, Array.ConvertAll(sides, map => new NativeFloat32(map)), channels, bins, settings.BoxEpsilon);

        LossNormalizers normalizers = LossNormalizers.Create(
            targets.ClassificationSum, positives.Weights.Sum(weight => (double)weight), settings.Sum, settings.Options.DividesByWeightsOnly);
        double boxScale = settings.Options.BoxScale / normalizers.Box;
        double distributionScale = settings.Options.DistributionScale / normalizers.Box;
        double qualityScale = settings.Options.GetClassificationScale(normalizers.Classification);
        (double box, double distribution) = (0, 0);
        for (int i = 0; i < targets.Count; i++)
        {
            box += (double)positives.Weights[i] * positives.Giou[i];
            distribution += (double)positives.Weights[i] * positives.Distribution[i];
        }

        Tensor[] gradients = Array.ConvertAll(scores, map => empty_like(map));
        double quality = Quality(targets, positives, logits, Array.ConvertAll(gradients, map => new NativeFloat32(map)), channels, settings, qualityScale);
        ctx.save_for_backward([.. gradients]);
        ctx.save_data(nameof(SideGradients), new SideGradients(targets, positives, Array.ConvertAll(sides, map => map.shape), boxScale, distributionScale));
        return [tensor((float)(quality * qualityScale)), tensor((float)(box * boxScale)), tensor((float)(distribution * distributionScale))];
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        SideGradients sides = (SideGradients)ctx.get_data(nameof(SideGradients));
        return
        [
            null!, null!, .. FusedGradient.Compute(ctx, grad_outputs, (saved, upstream) =>
            [
                .. saved.Select(gradient => FusedGradient.Scale(gradient, upstream[0])), .. sides.Create(upstream[1].item<float>(), upstream[2].item<float>()),
            ]),
        ];
    }

    private static double Quality(
        HeadTargets targets, PositiveLosses positives, NativeFloat32[] logits, NativeFloat32[] gradients, int channels, Settings settings, double scale)
    {
        (float beta, float ignoreAbove) = (settings.Beta, settings.Options.IgnoreNegativesAboveLogit);
        List<WorkItem> works = CreateWorkItems(targets, logits, channels);
        double[] sums = new double[works.Count];
        Parallel.For(0, sums.Length, i =>
        {
            WorkItem work = works[i];
            Span<float> source = logits[work.Level].Slice(work.Start, work.Length);
            Span<float> target = gradients[work.Level].Slice(work.Start, work.Length);
            sums[i] = work.PaddedLevel is { } row
                ? ValidRows(row, source, target, beta, (float)scale, ignoreAbove)
                : Background(source, target, beta, (float)scale, ignoreAbove);
        });

        double sum = sums.Sum();
        for (int i = 0; i < targets.Count; i++)
        {
            int level = targets.LevelOf(i);
            int at = PositiveLosses.Offset(targets, i, level, channels, out int plane) + ((int)targets.Labels[i] * plane);
            float logit = logits[level].Slice(at, 1)[0];
            (float loss, float slope) = QualityFocalLossFormula.Evaluate(logit, positives.Qualities[i], beta);
            sum += (double)loss - (logit > ignoreAbove ? 0 : QualityFocalLossFormula.Evaluate(logit, 0f, beta).Loss);
            gradients[level].Slice(at, 1)[0] = slope * (float)scale;
        }

        return sum;
    }

    // Locations in an image's padding have neither loss nor gradient.
    private static double ValidRows(in AnchorLevel level, ReadOnlySpan<float> logits, Span<float> gradients, float beta, float scale, float ignoreAbove)
    {
        double sum = 0;
        for (int start = 0; start < logits.Length; start += level.Count)
        {
            for (int y = 0; y < level.Height; y++)
            {
                int row = start + (y * level.Width);
                int valid = y < level.ValidHeight ? level.ValidWidth : 0;
                sum += Background(logits.Slice(row, valid), gradients.Slice(row, valid), beta, scale, ignoreAbove);
                gradients.Slice(row + valid, level.Width - valid).Clear();
            }
        }

        return sum;
    }

    private static double Background(ReadOnlySpan<float> logits, Span<float> gradients, float beta, float scale, float ignoreAbove)
    {
        double sum = QualityFocalBackground.Evaluate(logits, beta, scale, gradients);
        return float.IsPositiveInfinity(ignoreAbove) ? sum : sum - QualityFocalBackground.IgnoreAbove(logits, ignoreAbove, beta, gradients);
    }

    private static List<WorkItem> CreateWorkItems(HeadTargets targets, NativeFloat32[] logits, int channels)
    {
        List<WorkItem> works = [];
        for (int l = 0; l < logits.Length; l++)
        {
            AnchorLevel level = targets.Grid.Levels[l];
            int step = Math.Max(ChunkSize / level.Count, 1) * level.Count;
            for (int image = 0; image < targets.ImageGrids.Count; image++)
            {
                AnchorLevel valid = targets.ImageGrids[image].Levels[l];
                int start = checked(image * channels * level.Count);
                for (int end = start + (channels * level.Count); start < end; start += step)
                {
                    works.Add(new(l, start, Math.Min(step, end - start), valid.ValidCount == valid.Count ? null : valid));
                }
            }
        }

        return works;
    }

    /// <summary>What the losses depend on besides the maps.</summary>
    internal sealed record Settings(GflLossOptions Options, float Beta, float BoxEpsilon, SumOverRanks? Sum);

    /// <summary>Whole planes of one class map.</summary>
    private readonly record struct WorkItem(int Level, int Start, int Length, AnchorLevel? PaddedLevel);

    /// <summary>What the backward pass fills the gradients of the side maps from, which are 0 except at the positives.</summary>
    private sealed record SideGradients(HeadTargets Targets, PositiveLosses Positives, long[][] Shapes, double BoxScale, double DistributionScale)
    {
        public IEnumerable<Tensor> Create(float boxUpstream, float distributionUpstream)
        {
            Tensor[] maps = Array.ConvertAll(Shapes, shape => zeros(shape));
            NativeFloat32[] values = Array.ConvertAll(maps, map => new NativeFloat32(map));
            for (int i = 0; i < Targets.Count; i++)
            {
                int level = Targets.LevelOf(i);
                int channels = (int)Shapes[level][1];
                int at = PositiveLosses.Offset(Targets, i, level, channels, out int plane);
                Span<float> map = values[level].Slice(at, ((channels - 1) * plane) + 1);
                float box = (float)(boxUpstream * BoxScale) * Positives.Weights[i];
                float distribution = (float)(distributionUpstream * DistributionScale) * Positives.Weights[i];
                for (int k = 0; k < channels; k++)
                {
                    map[k * plane] = (box * Positives.BoxGradients[(i * channels) + k])
                        + (distribution * Positives.DistributionGradients[(i * channels) + k]);
                }
            }

            return maps;
        }
    }
}
