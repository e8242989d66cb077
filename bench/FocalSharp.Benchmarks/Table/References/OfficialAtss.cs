using static TorchSharp.torch;

namespace FocalSharp.Benchmarks.Table.References;

/// <summary>
/// ATSS of one image composed of Torch operators as in the official code: all anchors are compared with all objects. The official loop that adds an
/// offset to each object's candidates is one addition here, which only makes it faster.
/// </summary>
internal static class OfficialAtss
{
    private const int TopK = 9;

    /// <summary>Returns 0 (background) or the object's index + 1 for each anchor.</summary>
    /// <param name="anchors">All anchors, <c>[n, 4]</c>.</param>
    /// <param name="levels">Number of anchors of each level.</param>
    /// <param name="objects">Objects, <c>[g, 4]</c>.</param>
    public static Tensor Assign(Tensor anchors, IReadOnlyList<long> levels, Tensor objects)
    {
        (long count, long things) = (anchors.size(0), objects.size(0));
        Tensor overlaps = Overlaps(anchors, objects);
        Tensor anchorCenters = Centers(anchors);
        Tensor distances = (anchorCenters.unsqueeze(1) - Centers(objects).unsqueeze(0)).pow(2).sum(-1).sqrt();
        List<Tensor> candidates = [];
        long start = 0;
        foreach (long level in levels)
        {
            (_, Tensor nearest) = distances.narrow(0, start, level).topk((int)Math.Min(TopK, level), 0, largest: false);
            candidates.Add(nearest + start);
            start += level;
        }

        Tensor indices = cat(candidates, 0);
        Tensor own = overlaps[indices, arange(things)];
        Tensor threshold = own.mean([0]) + own.std(0);
        Tensor positive = own.ge(threshold.unsqueeze(0));
        indices = indices + (arange(things) * count).unsqueeze(0);
        Tensor flat = indices.view(-1);
        Tensor x = anchorCenters.select(1, 0).view(1, -1).expand(things, count).contiguous().view(-1)[flat].view(-1, things);
        Tensor y = anchorCenters.select(1, 1).view(1, -1).expand(things, count).contiguous().view(-1)[flat].view(-1, things);
        (Tensor inside, _) = stack(
            [x - objects.select(1, 0), y - objects.select(1, 1), objects.select(1, 2) - x, objects.select(1, 3) - y], 1).min(1);
        positive = positive & inside.gt(0.01);
        Tensor masked = full_like(overlaps, float.NegativeInfinity).t().contiguous().view(-1);
        Tensor chosen = flat[positive.view(-1)];
        masked[chosen] = overlaps.t().contiguous().view(-1)[chosen];
        (Tensor best, Tensor which) = masked.view(things, -1).t().max(1);
        return where(best.ne(float.NegativeInfinity), which + 1, zeros_like(which));
    }

    private static Tensor Overlaps(Tensor a, Tensor b)
    {
        Tensor first = (a.select(1, 2) - a.select(1, 0)) * (a.select(1, 3) - a.select(1, 1));
        Tensor second = (b.select(1, 2) - b.select(1, 0)) * (b.select(1, 3) - b.select(1, 1));
        Tensor low = maximum(a.narrow(1, 0, 2).unsqueeze(1), b.narrow(1, 0, 2).unsqueeze(0));
        Tensor high = minimum(a.narrow(1, 2, 2).unsqueeze(1), b.narrow(1, 2, 2).unsqueeze(0));
        Tensor size = (high - low).clamp_min(0);
        Tensor overlap = size.select(2, 0) * size.select(2, 1);
        return overlap / maximum(first.unsqueeze(1) + second.unsqueeze(0) - overlap, tensor(1e-6f));
    }

    private static Tensor Centers(Tensor boxes) => stack(
        [(boxes.select(1, 0) + boxes.select(1, 2)) / 2.0, (boxes.select(1, 1) + boxes.select(1, 3)) / 2.0], 1);
}
