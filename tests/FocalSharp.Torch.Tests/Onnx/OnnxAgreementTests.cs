using FocalSharp.Decoding;
using FocalSharp.Detections;
using FocalSharp.Geometry;
using FocalSharp.Torch.Onnx.Verification;

namespace FocalSharp.Torch.Tests.Onnx;

/// <summary>The rule by which an exported file is judged.</summary>
public sealed class OnnxAgreementTests
{
    private static readonly PostprocessOptions Options = new() { ScoreThreshold = 0.1, NmsThreshold = 0.5, MaxDetections = 10 };

    // IoU of the second with the first: 80 / 120.
    private static readonly Detection First = Found(0, 0, 10, 10, 0.9f);
    private static readonly Detection Beside = Found(0, 2, 10, 12, 0.7f);
    private static readonly Detection Apart = Found(50, 50, 70, 70, 0.5f);

    [Fact]
    public void Small_differences_agree_and_are_reported()
    {
        OnnxAgreement agreement = Compare([First, Apart], [First, Beside, Apart], [Moved(Apart, 0.05f), First with { Score = 0.90005f }]);
        Assert.Empty(agreement.Faults);
        Assert.Equal((2, 0), (agreement.Matched, agreement.Excused));
        Assert.Equal(0.05, agreement.LargestBoxDifference, 1e-4);
        Assert.Equal(5e-5, agreement.LargestScoreDifference, 1e-6);
    }

    [Fact]
    public void A_box_that_lies_elsewhere_is_a_fault_of_both_sides() =>
        Assert.Equal(2, Compare([First, Apart], [First, Apart], [First, Moved(Apart, 0.2f)]).Faults.Count);

    [Fact]
    public void Another_score_label_or_deviation_is_a_fault()
    {
        Assert.NotEmpty(Compare([First], [First], [First with { Score = 0.9002f }]).Faults);
        Assert.NotEmpty(Compare([First], [First], [First with { Label = 1 }]).Faults);
        Assert.NotEmpty(Compare([First], [First], [First with { Deviation = new(1, 1, 1.2f, 1) }]).Faults);
    }

    [Fact]
    public void A_file_that_suppresses_nothing_does_not_excuse_itself()
    {
        Detection third = Found(0, 2.5f, 10, 12.5f, 0.6f);
        OnnxAgreement agreement = Compare([First], [First, Beside, third], [First, Beside, third]);
        Assert.Equal(2, agreement.Faults.Count);
    }

    [Fact]
    public void Equal_scores_may_be_suppressed_the_other_way_round()
    {
        Detection even = Beside with { Score = 0.90001f };
        OnnxAgreement agreement = Compare([First], [First, even], [even]);
        Assert.Empty(agreement.Faults);
        Assert.Equal(2, agreement.Excused);
    }

    [Fact]
    public void What_follows_from_an_excused_decision_is_excused()
    {
        Detection even = Beside with { Score = 0.90001f };
        Detection freed = Found(0, 5, 10, 15, 0.4f); // overlaps the even one by 70 / 130, the first by 50 / 150
        OnnxAgreement agreement = Compare([First, freed], [First, even, freed], [even]);
        Assert.Empty(agreement.Faults);
        Assert.Equal(3, agreement.Excused);
    }

    [Fact]
    public void Scores_at_the_threshold_may_fall_on_either_side()
    {
        Detection edge = Apart with { Score = 0.10002f };
        Assert.Empty(Compare([First, edge], [First, edge], [First]).Faults);
        Assert.NotEmpty(Compare([First, Apart], [First, Apart], [First]).Faults);
    }

    [Fact]
    public void An_overlap_at_the_nms_threshold_may_suppress_or_not()
    {
        Detection edge = Found(0, 3.3f, 10, 13.3f, 0.7f); // IoU 67 / 133 = 0.504
        Assert.Empty(Compare([First], [First, edge], [First, edge]).Faults);
        Assert.NotEmpty(Compare([First], [First, Beside], [First, Beside]).Faults);
    }

    [Fact]
    public void At_the_limit_the_last_may_change_places_with_the_first_left_out()
    {
        PostprocessOptions two = Options with { MaxDetections = 2 };
        Detection last = Apart with { Score = 0.50003f };
        Detection next = Found(90, 90, 99, 99, 0.5f);
        ReferenceDetections reference = new([First, last], [First, last, next], []);
        Assert.Empty(OnnxAgreement.Compare(reference, [First, next], two, OnnxTolerance.Float32).Faults);
        Assert.NotEmpty(OnnxAgreement.Compare(reference, [First, next with { Score = 0.4f }], two, OnnxTolerance.Float32).Faults);
    }

    private static OnnxAgreement Compare(Detection[] kept, Detection[] candidates, Detection[] found) =>
        OnnxAgreement.Compare(new ReferenceDetections(kept, candidates, []), found, Options, OnnxTolerance.Float32);

    private static Detection Found(float x1, float y1, float x2, float y2, float score) => new(new Box(x1, y1, x2, y2), 0, score, new(1, 1, 1, 1));

    private static Detection Moved(Detection detection, float by) => detection with { Box = detection.Box.Translate(by, 0) };
}
