using FocalSharp.Boxes;
using static TorchSharp.torch;

namespace FocalSharp.Benchmarks.Table.References;

/// <summary>
/// From one image's raw maps to detections, composed of Torch operators as in the official code: integral and sigmoid of every location, the threshold, a
/// sort, then one greedy NMS over boxes that are offset by class. The official NMS is native code; <see cref="ReferenceNms"/> replaces it.
/// </summary>
internal sealed class OfficialDecoding(IReadOnlyList<int> strides, int classes, int regMax)
{
    private const double ScoreThreshold = 0.05;
    private const int MaxPerLevel = 1000;
    private const int MaxDetections = 100;

    /// <summary>Returns boxes <c>xyxy</c> and scores, highest score first.</summary>
    /// <param name="scores">Class logits of each level, <c>[1, C, H, W]</c>.</param>
    /// <param name="sides">Side logits of each level, <c>[1, 4·(n+1), H, W]</c>.</param>
    /// <param name="width">Width of the image.</param>
    /// <param name="height">Height of the image.</param>
    public (Box[] Boxes, float[] Scores) Decode(IReadOnlyList<Tensor> scores, IReadOnlyList<Tensor> sides, int width, int height)
    {
        using IDisposable guard = no_grad();
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        List<Tensor> boxes = [];
        List<Tensor> values = [];
        List<Tensor> labels = [];
        for (int l = 0; l < scores.Count; l++)
        {
            (long rows, long columns) = (scores[l].size(2), scores[l].size(3));
            Tensor anchors = OfficialHeadLoss.Anchors(strides[l], rows, columns);
            Tensor distance = OfficialLosses.Integral(sides[l][0].permute(1, 2, 0).reshape(-1, 4 * (regMax + 1)), regMax) * strides[l];
            Tensor probability = scores[l][0].permute(1, 2, 0).reshape(-1, classes).sigmoid();
            Tensor passes = probability.gt(ScoreThreshold);
            Tensor pairs = passes.nonzero();
            (Tensor sorted, Tensor order) = probability[passes].sort(descending: true);
            long max = Math.Min(MaxPerLevel, pairs.size(0));
            Tensor best = pairs[order.narrow(0, 0, max)];
            Tensor location = best.select(1, 0);
            Tensor own = anchors[location];
            Tensor centers = (own.narrow(1, 0, 2) + own.narrow(1, 2, 2)) / 2;
            Tensor box = OfficialLosses.DistanceToBox(centers, distance[location]);
            boxes.Add(stack(
                [box.select(1, 0).clamp(0, width), box.select(1, 1).clamp(0, height), box.select(1, 2).clamp(0, width), box.select(1, 3).clamp(0, height)], -1));
            values.Add(sorted.narrow(0, 0, max));
            labels.Add(best.select(1, 1));
        }

        Tensor allBoxes = cat(boxes);
        Tensor allValues = cat(values);
        Tensor allLabels = cat(labels);
        Tensor whole = ((allBoxes.select(1, 2) - allBoxes.select(1, 0)).gt(0) & (allBoxes.select(1, 3) - allBoxes.select(1, 1)).gt(0)).nonzero().squeeze(1);
        (allBoxes, allValues, allLabels) = (allBoxes[whole], allValues[whole], allLabels[whole]);
        if (allValues.size(0) == 0)
        {
            return ([], []);
        }

        Tensor moved = allBoxes + (allLabels.to(float32) * (allBoxes.max() + 1)).unsqueeze(1);
        float[] plainScores = [.. allValues.data<float>()];
        int[] retained = ReferenceNms.Select([.. moved.contiguous().data<float>()], plainScores, 0.6f);
        float[] plain = [.. allBoxes.contiguous().data<float>()];
        retained = retained[..Math.Min(MaxDetections, retained.Length)];
        return (
            Array.ConvertAll(retained, i => new Box(plain[4 * i], plain[(4 * i) + 1], plain[(4 * i) + 2], plain[(4 * i) + 3])),
            Array.ConvertAll(retained, i => plainScores[i]));
    }
}
