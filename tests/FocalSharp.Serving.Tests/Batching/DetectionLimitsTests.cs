using CsCheck;
using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Serving.Batching;

namespace FocalSharp.Serving.Tests.Batching;

public sealed class DetectionLimitsTests
{
    private static readonly Gen<Detection[]> Candidates = Gen.Select(
        Gen.Float[0, 90], Gen.Float[0, 90], Gen.Float[5, 40], Gen.Float[5, 40], Gen.Int[0, 1], Gen.Float[0, 1],
        (x, y, w, h, label, score) => new Detection(new Box(x, y, x + w, y + h), label, score, default)).Array[0, 30];

    private static readonly Gen<DetectionLimits> Limits = Gen.Select(Gen.Double[0, 1], Gen.Int[1, 10], (threshold, max) => new DetectionLimits(threshold, max));

    [Fact]
    public void Cutting_a_wider_run_down_equals_a_run_under_the_limits_themselves() =>
        Gen.Select(Candidates, Limits, Limits).Sample((candidates, mine, theirs) =>
            mine.Apply(Run(candidates, mine.Union(theirs))).SequenceEqual(Run(candidates, mine)));

    [Fact]
    public void A_score_at_the_threshold_is_dropped() =>
        Assert.Empty(new DetectionLimits(0.3, 10).Apply([new Detection(default, 0, 0.3f, default)]));

    // Greedy class-wise NMS as the definition has it.
    private static List<Detection> Run(Detection[] candidates, DetectionLimits limits)
    {
        List<Detection> retained = [];
        foreach (Detection candidate in candidates.Where(c => c.Score > (float)limits.ScoreThreshold).OrderByDescending(c => c.Score))
        {
            if (retained.All(better => better.Label != candidate.Label || Overlap(better.Box, candidate.Box) <= 0.6))
            {
                retained.Add(candidate);
            }
        }

        return [.. retained.Take(limits.MaxDetections)];
    }

    private static double Overlap(Box a, Box b)
    {
        Box both = new(Math.Max(a.X1, b.X1), Math.Max(a.Y1, b.Y1), Math.Min(a.X2, b.X2), Math.Min(a.Y2, b.Y2));
        return both.Area / (a.Area + b.Area - both.Area);
    }

    [Fact]
    public void Classes_have_their_own_thresholds()
    {
        DetectionLimits limits = new(0.2, 10, [0.5, 0.2]);
        Detection[] found = [new(default, 1, 0.6f, default), new(default, 0, 0.4f, default), new(default, 1, 0.3f, default), new(default, 0, 0.1f, default)];
        Assert.Equal([0.6f, 0.3f], limits.Apply(found).Select(detection => detection.Score));
        Assert.Equal((0.1, 20), (limits.Union(new(0.1, 20)).ScoreThreshold, limits.Union(new(0.1, 20)).MaxDetections));
    }
}
