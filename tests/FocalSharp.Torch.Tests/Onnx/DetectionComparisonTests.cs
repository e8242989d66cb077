using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Torch.Onnx.Verification;

namespace FocalSharp.Torch.Tests.Onnx;

/// <summary>The comparison that verifies an exported file.</summary>
public sealed class DetectionComparisonTests
{
    private static readonly PostprocessOptions Options = new() { ScoreThreshold = 0.1, NmsThreshold = 0.5, MaxDetections = 10 };

    // IoU of the second with the first: 80 / 120.
    private static readonly Detection First = CreateDetection(0, 0, 10, 10, 0.9f);
    private static readonly Detection Overlapping = CreateDetection(0, 2, 10, 12, 0.7f);
    private static readonly Detection Separate = CreateDetection(50, 50, 70, 70, 0.5f);

    [Fact]
    public void Small_differences_agree_and_are_reported()
    {
        DetectionComparison agreement = Compare([First, Separate], [First, Overlapping, Separate], [Moved(Separate, 0.05f), First with { Score = 0.90005f }]);
        Assert.Empty(agreement.Mismatches);
        Assert.Equal((2, 0), (agreement.Matched, agreement.Tolerated));
        Assert.Equal(0.05, agreement.MaxBoxDifference, 1e-4);
        Assert.Equal(5e-5, agreement.MaxScoreDifference, 1e-6);
    }

    [Fact]
    public void A_box_that_lies_elsewhere_is_a_difference_of_both_sides() =>
        Assert.Equal(2, Compare([First, Separate], [First, Separate], [First, Moved(Separate, 0.2f)]).Mismatches.Count);

    [Fact]
    public void Another_score_label_or_deviation_is_a_difference()
    {
        Assert.NotEmpty(Compare([First], [First], [First with { Score = 0.9002f }]).Mismatches);
        Assert.NotEmpty(Compare([First], [First], [First with { Label = 1 }]).Mismatches);
        Assert.NotEmpty(Compare([First], [First], [First with { Deviation = new(1, 1, 1.2f, 1) }]).Mismatches);
    }

    [Fact]
    public void A_file_that_suppresses_nothing_does_not_excuse_itself()
    {
        Detection third = CreateDetection(0, 2.5f, 10, 12.5f, 0.6f);
        DetectionComparison agreement = Compare([First], [First, Overlapping, third], [First, Overlapping, third]);
        Assert.Equal(2, agreement.Mismatches.Count);
    }

    [Fact]
    public void Equal_scores_may_be_suppressed_the_other_way_round()
    {
        Detection even = Overlapping with { Score = 0.90001f };
        DetectionComparison agreement = Compare([First], [First, even], [even]);
        Assert.Empty(agreement.Mismatches);
        Assert.Equal(2, agreement.Tolerated);
    }

    [Fact]
    public void What_follows_from_an_excused_decision_is_excused()
    {
        Detection even = Overlapping with { Score = 0.90001f };
        Detection freed = CreateDetection(0, 5, 10, 15, 0.4f); // overlaps the even one by 70 / 130, the first by 50 / 150
        DetectionComparison agreement = Compare([First, freed], [First, even, freed], [even]);
        Assert.Empty(agreement.Mismatches);
        Assert.Equal(3, agreement.Tolerated);
    }

    [Fact]
    public void Scores_at_the_threshold_may_fall_on_either_side()
    {
        Detection edge = Separate with { Score = 0.10002f };
        Assert.Empty(Compare([First, edge], [First, edge], [First]).Mismatches);
        Assert.NotEmpty(Compare([First, Separate], [First, Separate], [First]).Mismatches);
    }

    [Fact]
    public void An_overlap_at_the_nms_threshold_may_suppress_or_not()
    {
        Detection edge = CreateDetection(0, 3.3f, 10, 13.3f, 0.7f); // IoU 67 / 133 = 0.504
        Assert.Empty(Compare([First], [First, edge], [First, edge]).Mismatches);
        Assert.NotEmpty(Compare([First], [First, Overlapping], [First, Overlapping]).Mismatches);
    }

    [Fact]
    public void At_the_limit_the_last_may_change_places_with_the_first_left_out()
    {
        PostprocessOptions two = Options with { MaxDetections = 2 };
        Detection last = Separate with { Score = 0.50003f };
        Detection next = CreateDetection(90, 90, 99, 99, 0.5f);
        ReferenceDetections reference = new([First, last], [First, last, next], []);
        Assert.Empty(DetectionComparison.Compare(reference, [First, next], two, OnnxTolerance.Float32).Mismatches);
        Assert.NotEmpty(DetectionComparison.Compare(reference, [First, next with { Score = 0.4f }], two, OnnxTolerance.Float32).Mismatches);
    }

    private static DetectionComparison Compare(Detection[] retained, Detection[] candidates, Detection[] found) =>
        DetectionComparison.Compare(new ReferenceDetections(retained, candidates, []), found, Options, OnnxTolerance.Float32);

    private static Detection CreateDetection(float x1, float y1, float x2, float y2, float score) => new(new Box(x1, y1, x2, y2), 0, score, new(1, 1, 1, 1));

    private static Detection Moved(Detection detection, float by) => detection with { Box = detection.Box.Translate(by, 0) };
}
