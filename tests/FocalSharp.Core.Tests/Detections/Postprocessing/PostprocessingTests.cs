using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Detections.Postprocessing;

namespace FocalSharp.Core.Tests.Detections.Postprocessing;

public sealed class PostprocessingTests
{
    private static readonly SideValues One = new(1, 1, 1, 1);

    // Two boxes 100 px wide, 4 px apart: IoU 96/104. Left edges with σ 1 and 2: weights 1 and exp(−(8/104)²/0.02)/4.
    [Fact]
    public void Voting_weighs_edges_by_overlap_and_inverse_variance()
    {
        List<Detection> candidates = [Found(0, 0, 100, 50, 0.9f), Found(4, 0, 104, 50, 0.8f) with { Deviation = new SideValues(2, 1, 1, 1) }];
        double overlap = Math.Exp(-Math.Pow(8 / 104.0, 2) / 0.02);
        Detection voted = VarianceVoting.Vote(candidates, 0);
        Assert.Equal(4 * (overlap / 4) / (1 + (overlap / 4)), voted.Box.X1, 4);
        Assert.Equal((100 + (104 * overlap)) / (1 + overlap), voted.Box.X2, 3);
        Assert.Equal((0f, 50f, 0.9f), (voted.Box.Y1, voted.Box.Y2, voted.Score));

        // The mixture's variance: the mean of the variances plus the variance of the means.
        double mean = 4 * overlap / (1 + overlap);
        Assert.Equal(Math.Sqrt(1 + (overlap * 16 / (1 + overlap)) - (mean * mean)), voted.Deviation.Right, 3);
    }

    [Fact]
    public void Other_classes_and_distant_boxes_have_no_vote()
    {
        List<Detection> candidates = [Found(0, 0, 100, 50, 0.9f), Found(4, 0, 104, 50, 0.8f) with { Label = 1 }, Found(60, 0, 160, 50, 0.7f), Found(300, 0, 400, 50, 0.7f)];
        Assert.Equal(candidates[0].Box, VarianceVoting.Vote(candidates, 0).Box);
    }

    [Fact]
    public void A_deviation_of_0_is_no_infinite_weight()
    {
        List<Detection> candidates = [Found(0, 0, 100, 50, 0.9f) with { Deviation = default }, Found(4, 0, 104, 50, 0.8f) with { Deviation = default }];
        Assert.True(VarianceVoting.Vote(candidates, 0).Box.IsFinite);
    }

    // IoU 96/104 reduces 0.8 by exp(−IoU²/0.5).
    [Fact]
    public void Soft_NMS_reduces_scores_instead_of_dropping_boxes()
    {
        List<Detection> candidates = [Found(4, 0, 104, 50, 0.8f), Found(0, 0, 100, 50, 0.9f), Found(0, 0, 100, 50, 0.7f) with { Label = 1 }];
        List<(int Index, float Score)> selected = SoftNms.Select(candidates, new PostprocessOptions());
        Assert.Equal([1, 2, 0], selected.Select(one => one.Index));
        Assert.Equal(0.8 * Math.Exp(-Math.Pow(96 / 104.0, 2) / 0.5), selected[2].Score, 5);
    }

    [Fact]
    public void Soft_NMS_stops_at_the_threshold_and_the_limit()
    {
        List<Detection> candidates = [Found(0, 0, 100, 50, 0.9f), Found(0, 0, 100, 50, 0.3f), Found(200, 0, 300, 50, 0.6f)];
        Assert.Equal([0, 2], SoftNms.Select(candidates, new PostprocessOptions { ScoreThreshold = 0.1 }).Select(one => one.Index)); // 0.3 e⁻² = 0.04
        Assert.Equal([0], SoftNms.Select(candidates, new PostprocessOptions { MaxDetections = 1 }).Select(one => one.Index));
    }

    // Scores 0.9 and 0.3: weights 3/4 and 1/4.
    [Fact]
    public void Fusion_averages_boxes_by_score()
    {
        List<Detection> candidates = [Found(4, 0, 104, 50, 0.3f), Found(0, 0, 100, 50, 0.9f)];
        (int index, Detection fused) = Assert.Single(BoxFusion.Fuse(candidates, 100));
        Assert.Equal((1, 0.9f), (index, fused.Score));
        Assert.Equal(new Box(1, 0, 101, 50), fused.Box);
        Assert.Equal(Math.Sqrt(1 + 3), fused.Deviation.Left, 4); // variance of 0, 4 at 3/4, 1/4 is 3
        Assert.Equal(1, fused.Deviation.Top, 4);
    }

    // Mean score 0.6 of two members in two views; one member in two views: half its score.
    [Fact]
    public void Views_are_fused_with_the_score_of_the_paper_and_their_disagreement()
    {
        Detection[] fused = ViewFusion.Fuse([[Found(4, 0, 104, 50, 0.3f), Found(300, 0, 400, 50, 0.8f)], [Found(0, 0, 100, 50, 0.9f)]], new PostprocessOptions());
        Assert.Equal([0.6f, 0.4f], fused.Select(detection => detection.Score));
        Assert.Equal(Math.Sqrt(3), fused[0].Disagreement!.Value.Left, 4);
        Assert.Equal(0, fused[1].Disagreement!.Value.Left, 4);
    }

    [Fact]
    public void Mirrored_detections_return_to_their_place()
    {
        Detection mirrored = ViewFusion.Mirror([Found(10, 20, 30, 40, 0.5f) with { Deviation = new SideValues(1, 2, 3, 4) }], 100)[0];
        Assert.Equal(new Box(70, 20, 90, 40), mirrored.Box);
        Assert.Equal(new SideValues(3, 2, 1, 4), mirrored.Deviation);
    }

    // Four edges that err by √(2/π) σ = 0.7979 px on a 100 by 50 box: 1 / (1 + 0.7979 (2/100 + 2/50)).
    [Fact]
    public void The_expected_IoU_follows_from_the_deviations() =>
        Assert.Equal(1 / (1 + (Math.Sqrt(2 / Math.PI) * 0.06)), DeviationRescoring.ExpectedIou(new Box(0, 0, 100, 50), One), 9);

    [Fact]
    public void Rescoring_multiplies_scores_and_applies_the_threshold()
    {
        List<Detection> candidates = [Found(0, 0, 100, 50, 0.9f), Found(200, 0, 300, 50, 0.301f)];
        (int Index, Detection Detection)[] found = CandidateSelection.Apply(candidates, new PostprocessOptions { RescoreByDeviation = true, ScoreThreshold = 0.3 });
        Assert.Equal(0.9 * DeviationRescoring.ExpectedIou(new Box(0, 0, 100, 50), One), Assert.Single(found).Detection.Score, 5);
    }

    [Fact]
    public void The_default_is_official_NMS()
    {
        List<Detection> candidates = [Found(0, 0, 100, 50, 0.9f), Found(4, 0, 104, 50, 0.8f), Found(60, 0, 160, 50, 0.7f)];
        (int Index, Detection Detection)[] found = CandidateSelection.Apply([.. candidates], new PostprocessOptions());
        Assert.Equal([(0, candidates[0]), (2, candidates[2])], found);
    }

    private static Detection Found(float x1, float y1, float x2, float y2, float score) => new(new Box(x1, y1, x2, y2), 0, score, One);
}
