using FocalSharp.Boxes;
using FocalSharp.Losses;
using FocalSharp.Losses.Vectorized;
using FocalSharp.Torch.Native;

namespace FocalSharp.Torch.Detectors;

/// <summary>
/// The positives' part of the head's loss, computed in one pass of managed code: weights, qualities, GIoU and Distribution Focal
/// Loss, and the gradients of the last two by the side logits.
/// </summary>
internal sealed class PositiveLosses
{
    // Positives per work item.
    private const int ChunkSize = 32;

    private readonly HeadTargets _targets;
    private readonly int _bins;
    private readonly float _epsilon;

    private PositiveLosses(HeadTargets targets, int bins, float epsilon)
    {
        _epsilon = epsilon;
        _targets = targets;
        _bins = bins;
        int count = targets.Count;
        (Weights, Qualities, Giou, Distribution) = (new float[count], new float[count], new float[count], new float[count]);
        (BoxGradients, DistributionGradients) = (new float[count * 4 * bins], new float[count * 4 * bins]);
    }

    /// <summary>Gets the highest class score of each positive, or the target that the assigner gave it.</summary>
    public float[] Weights { get; }

    /// <summary>Gets the IoU of each decoded box with its object, or the target that the assigner gave it.</summary>
    public float[] Qualities { get; }

    /// <summary>Gets 1 − GIoU of each positive.</summary>
    public float[] Giou { get; }

    /// <summary>Gets the sum over the sides of each positive's Distribution Focal Loss.</summary>
    public float[] Distribution { get; }

    /// <summary>Gets the derivatives of <see cref="Giou"/> by the side logits, <c>[count, 4·(n+1)]</c>.</summary>
    public float[] BoxGradients { get; }

    /// <summary>Gets the derivatives of <see cref="Distribution"/> by the side logits, <c>[count, 4·(n+1)]</c>.</summary>
    public float[] DistributionGradients { get; }

    /// <summary>Computes the losses.</summary>
    /// <param name="targets">The positives and their targets.</param>
    /// <param name="scores">Class logits of each level, <c>[B, C, H, W]</c>.</param>
    /// <param name="sides">Side logits of each level, <c>[B, 4·(n+1), H, W]</c>.</param>
    /// <param name="channels">Channels C of the class logits.</param>
    /// <param name="bins">n + 1.</param>
    /// <param name="epsilon">Guard of GIoU against division by 0.</param>
    public static PositiveLosses Compute(
        HeadTargets targets, NativeFloat32[] scores, NativeFloat32[] sides, int channels, int bins, float epsilon)
    {
        PositiveLosses losses = new(targets, bins, epsilon);
        int chunks = (targets.Count + ChunkSize - 1) / ChunkSize;
        Parallel.For(0, chunks, chunk =>
        {
            Span<float> logits = stackalloc float[bins];
            for (int i = chunk * ChunkSize; i < Math.Min((chunk + 1) * ChunkSize, targets.Count); i++)
            {
                int level = targets.LevelOf(i);
                losses.Compute(i, level, scores[level], sides[level], channels, logits);
            }
        });
        return losses;
    }

    /// <summary>
    /// Returns the index of channel 0 of a positive's location in a map of its level; channels are a plane apart.
    /// </summary>
    public static int Offset(HeadTargets targets, int positive, int level, int channels, out int plane)
    {
        plane = targets.Grid.Levels[level].Count;
        int location = (int)targets.Anchors[positive] - targets.Grid.Levels[level].Start;
        return checked(((int)targets.Images[positive] * channels * plane) + location);
    }

    private void Compute(int i, int level, NativeFloat32 scores, NativeFloat32 sides, int channels, Span<float> logits)
    {
        int at = Offset(_targets, i, level, channels, out int plane);
        ReadOnlySpan<float> classLogits = scores.Slice(at, ((channels - 1) * plane) + 1);
        float best = classLogits[0];
        for (int c = 1; c < channels; c++)
        {
            best = MathF.Max(best, classLogits[c * plane]);
        }

        Weights[i] = _targets.Qualities?[i] ?? Sigmoid.Compute(best);
        at = Offset(_targets, i, level, 4 * _bins, out _);
        ReadOnlySpan<float> sideLogits = sides.Slice(at, (((4 * _bins) - 1) * plane) + 1);
        Span<float> distances = stackalloc float[4];
        Span<float> probabilities = BoxGradients.AsSpan(i * 4 * _bins, 4 * _bins);
        Span<float> slopes = DistributionGradients.AsSpan(i * 4 * _bins, 4 * _bins);
        for (int side = 0; side < 4; side++)
        {
            for (int k = 0; k < _bins; k++)
            {
                logits[k] = sideLogits[((side * _bins) + k) * plane];
            }

            Span<float> row = probabilities.Slice(side * _bins, _bins);
            Span<float> slope = slopes.Slice(side * _bins, _bins);
            (float highest, float sum) = SoftmaxRow.Fill(logits, row);
            for (int k = 0; k < _bins; k++)
            {
                distances[side] += k * row[k];
            }

            row.CopyTo(slope);
            Distribution[i] += DistributionFocalRow.Finish(logits, _targets.Distances[(4 * i) + side], highest, slope) + MathF.Log(sum);
        }

        Box(i, distances, probabilities);
    }

    private void Box(int i, ReadOnlySpan<float> distances, Span<float> probabilities)
    {
        (float x, float y) = (_targets.Centers[2 * i], _targets.Centers[(2 * i) + 1]);
        Span<float> box = [x - distances[0], y - distances[1], x + distances[2], y + distances[3]];
        ReadOnlySpan<float> target = _targets.Boxes.AsSpan(4 * i, 4);
        Span<float> edges = stackalloc float[4];
        Giou[i] = BoxLossFormula.Evaluate(BoxLossKind.Giou, box, target, edges, [], _epsilon);
        Qualities[i] = _targets.Qualities?[i] ?? (_targets.OverlapsAreQualities
            ? _targets.Overlaps[i]
            : BoxIou.Iou(new(box[0], box[1], box[2], box[3]), new(target[0], target[1], target[2], target[3])));
        for (int side = 0; side < 4; side++)
        {
            // The expectation's derivative by a logit is p·(k − E); left and top edges move against their distances.
            float slope = side < 2 ? -edges[side] : edges[side];
            Span<float> row = probabilities.Slice(side * _bins, _bins);
            for (int k = 0; k < _bins; k++)
            {
                row[k] *= (k - distances[side]) * slope;
            }
        }
    }
}
