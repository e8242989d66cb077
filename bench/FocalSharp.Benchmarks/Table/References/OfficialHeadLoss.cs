using static TorchSharp.torch;

namespace FocalSharp.Benchmarks.Table.References;

/// <summary>
/// The head loss of a batch composed of Torch operators as in the official code: anchors, ATSS and targets of every image, then level by level QFL over
/// all locations, GIoU and DFL at the positives. Images must be as large as their batch: no anchor lies in padding.
/// </summary>
internal sealed class OfficialHeadLoss(IReadOnlyList<int> strides, int classes, int regMax)
{
    /// <summary>Returns the sum of the fifteen terms.</summary>
    /// <param name="scores">Class logits of each level, <c>[B, C, H, W]</c>.</param>
    /// <param name="sides">Side logits of each level, <c>[B, 4·(n+1), H, W]</c>.</param>
    /// <param name="boxes">Objects of each image, <c>[g, 4]</c>.</param>
    /// <param name="labels">Their classes.</param>
    public Tensor Compute(IReadOnlyList<Tensor> scores, IReadOnlyList<Tensor> sides, IReadOnlyList<Tensor> boxes, IReadOnlyList<Tensor> labels)
    {
        int images = boxes.Count;
        Tensor[] priors = [.. scores.Select((map, l) => Anchors(strides[l], map.size(2), map.size(3)))];
        long[] counts = [.. priors.Select(level => level.size(0))];
        Tensor[] imageLabels = new Tensor[images];
        Tensor[] imageWeights = new Tensor[images];
        Tensor[] imageBoxes = new Tensor[images];
        double positives = 0;
        for (int i = 0; i < images; i++)
        {
            Tensor anchors = cat(priors);
            Tensor assigned = OfficialAtss.Assign(anchors, counts, boxes[i]);
            Tensor found = assigned.gt(0).nonzero().squeeze(1);
            Tensor objects = assigned[found] - 1;
            imageLabels[i] = full([anchors.size(0)], classes, int64);
            imageLabels[i][found] = labels[i][objects];
            imageWeights[i] = zeros(anchors.size(0));
            imageWeights[i][found] = ones(found.size(0));
            Tensor rest = assigned.eq(0).nonzero().squeeze(1);
            imageWeights[i][rest] = ones(rest.size(0));
            imageBoxes[i] = zeros_like(anchors);
            imageBoxes[i][found] = boxes[i][objects];
            positives += Math.Max(found.size(0), 1);
        }

        (Tensor allLabels, Tensor allWeights, Tensor allBoxes) = (stack(imageLabels), stack(imageWeights), stack(imageBoxes));
        Tensor quality = zeros([]);
        Tensor box = zeros([]);
        Tensor distribution = zeros([]);
        Tensor weights = zeros([]);
        long start = 0;
        for (int l = 0; l < counts.Length; l++)
        {
            Level level = ComputeLevel(
                strides[l],
                priors[l].unsqueeze(0).expand(images, -1, -1).reshape(-1, 4),
                scores[l].permute(0, 2, 3, 1).reshape(-1, classes),
                sides[l].permute(0, 2, 3, 1).reshape(-1, 4 * (regMax + 1)),
                allLabels.narrow(1, start, counts[l]).reshape(-1),
                allWeights.narrow(1, start, counts[l]).reshape(-1),
                allBoxes.narrow(1, start, counts[l]).reshape(-1, 4),
                positives);
            (quality, box, distribution, weights) = (quality + level.Quality, box + level.Box, distribution + level.Distribution, weights + level.Weight);
            start += counts[l];
        }

        Tensor divisor = weights.clamp_min(1);
        return quality + (box / divisor) + (distribution / divisor);
    }

    /// <summary>Returns the square anchors of a level, <c>[H·W, 4]</c>.</summary>
    public static Tensor Anchors(int stride, long height, long width)
    {
        Tensor x = (arange(width) * stride).to(float32).unsqueeze(0).expand(height, width).reshape(-1);
        Tensor y = (arange(height) * stride).to(float32).unsqueeze(1).expand(height, width).reshape(-1);
        double half = 4.0 * stride;
        return stack([x - half, y - half, x + half, y + half], -1);
    }

    private Level ComputeLevel(
        double stride, Tensor anchors, Tensor scores, Tensor sides, Tensor labels, Tensor labelWeights, Tensor boxes, double averageFactor)
    {
        Tensor found = (labels.ge(0) & labels.lt(classes)).nonzero().squeeze(1);
        Tensor target = zeros_like(labels, dtype: float32);
        Tensor box;
        Tensor distribution;
        Tensor weight;
        if (found.size(0) > 0)
        {
            Tensor logits = sides[found];
            Tensor own = anchors[found];
            Tensor centers = (own.narrow(1, 0, 2) + own.narrow(1, 2, 2)) / 2 / stride;
            using (no_grad())
            {
                (weight, _) = scores.detach().sigmoid().max(1);
                weight = weight[found];
            }

            Tensor decoded = OfficialLosses.DistanceToBox(centers, OfficialLosses.Integral(logits, regMax));
            Tensor truth = boxes[found] / stride;
            target[found] = OfficialLosses.Overlap(decoded.detach(), truth, generalized: false);
            Tensor distances = stack(
                [
                    centers.select(1, 0) - truth.select(1, 0), centers.select(1, 1) - truth.select(1, 1),
                    truth.select(1, 2) - centers.select(1, 0), truth.select(1, 3) - centers.select(1, 1),
                ],
                -1).clamp(0, regMax - 0.1);
            box = OfficialLosses.Giou(decoded, truth, weight, 1) * 2;
            distribution = OfficialLosses.DistributionFocal(
                logits.reshape(-1, regMax + 1), distances.reshape(-1), weight.unsqueeze(1).expand(-1, 4).reshape(-1), 4) * 0.25;
            weight = weight.sum();
        }
        else
        {
            box = sides.sum() * 0;
            distribution = sides.sum() * 0;
            weight = zeros([]);
        }

        return new Level(OfficialLosses.QualityFocal(scores, labels, target, labelWeights, averageFactor), box, distribution, weight);
    }

    private sealed record Level(Tensor Quality, Tensor Box, Tensor Distribution, Tensor Weight);
}
