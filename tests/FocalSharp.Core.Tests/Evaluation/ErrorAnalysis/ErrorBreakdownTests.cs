using CsCheck;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;

namespace FocalSharp.Core.Tests.Evaluation.ErrorAnalysis;

public sealed class ErrorBreakdownTests
{
    private static readonly ErrorBreakdown Breakdown = ErrorBreakdown.Compute(MatchedDetections.Create(ErrorScene.GroundTruth, ErrorScene.Results));

    // Cats by score: right, duplicate, class, location, background, both, right; 3 objects. Of the 101 recalls, 34 lie up to 1/3, 33 more
    // up to 2/3, 34 more up to 1. Precision is 1 up to 1/3 and 2/7 up to 2/3. Dogs: one right of 3 objects.
    private const double Cats = (34 + (33 * 2 / 7.0)) / 101;
    private const double Dogs = 34 / 101.0;

    [Fact]
    public void AP_is_that_of_the_evaluator()
    {
        Assert.Equal((Cats + Dogs) / 2, Breakdown.AP, 1e-12);
        Assert.Equal(CocoEvaluator.Evaluate(ErrorScene.GroundTruth, ErrorScene.Results).AP50, Breakdown.AP, 1e-12);
    }

    [Fact]
    public void Removing_a_false_positive_moves_the_last_match_forward()
    {
        const double Gain = 33 * ((2 / 6.0) - (2 / 7.0)) / 101 / 2;

        Assert.Equal(Gain, Breakdown[ErrorKind.Duplicate].LostAP, 1e-12);
        Assert.Equal(Gain, Breakdown[ErrorKind.Background].LostAP, 1e-12);
        Assert.Equal(Gain, Breakdown[ErrorKind.Both].LostAP, 1e-12);
    }

    [Fact]
    public void Correcting_a_class_moves_the_detection_to_the_other_class()
    {
        ErrorImpact cost = Breakdown[ErrorKind.Class];

        Assert.Equal(33 * ((2 / 6.0) - (2 / 7.0)) / 101, cost.LostByClass[0], 1e-12);
        Assert.Equal(33 / 101.0, cost.LostByClass[1], 1e-12); // two of three dogs instead of one
        Assert.Equal(cost.LostByClass.Average(), cost.LostAP, 1e-12);
    }

    [Fact]
    public void Correcting_a_location_makes_the_detection_correct()
    {
        // Right at places 1, 4 and 7: precision 1, 1/2, 3/7.
        const double Corrected = (34 + (33 * 0.5) + (34 * 3 / 7.0)) / 101;

        Assert.Equal((Corrected - Cats) / 2, Breakdown[ErrorKind.Location].LostAP, 1e-12);
        Assert.Equal(0, Breakdown[ErrorKind.Location].LostByClass[1]);
    }

    [Fact]
    public void Missed_objects_are_not_counted()
    {
        Assert.Equal((51 - 34) / 101.0 / 2, Breakdown[ErrorKind.Missed].LostAP, 1e-12); // one of two dogs instead of three
        Assert.Equal(1, Breakdown[ErrorKind.Missed].Count);
    }

    [Fact]
    public void Of_two_detections_of_an_object_the_more_confident_is_corrected_and_the_other_removed()
    {
        // Both are 0.25 off the only cat; correcting leaves one match and no false positive.
        ErrorBreakdown breakdown = ErrorBreakdown.Compute(MatchedDetections.Create(ErrorScene.Objects((1, 100)), ErrorScene.Detections((1, 40, 0.9), (1, 160, 0.8))));

        Assert.Equal(0, breakdown.AP);
        Assert.Equal(1, breakdown[ErrorKind.Location].LostAP, 1e-12);
        Assert.Equal(2, breakdown[ErrorKind.Location].Count);
    }

    [Fact]
    public void A_misplaced_detection_of_a_found_object_is_removed()
    {
        ErrorBreakdown breakdown = ErrorBreakdown.Compute(MatchedDetections.Create(ErrorScene.Objects((1, 100)), ErrorScene.Detections((1, 40, 0.9), (1, 100, 0.8))));

        Assert.Equal(0.5, breakdown.AP, 1e-12);
        Assert.Equal(0.5, breakdown[ErrorKind.Location].LostAP, 1e-12);
    }

    [Fact]
    public void Nothing_is_lost_if_all_is_correct_and_everything_if_nothing_is_found()
    {
        ErrorBreakdown perfect = ErrorBreakdown.Compute(MatchedDetections.Create(ErrorScene.Objects((1, 0), (2, 200)), ErrorScene.Detections((1, 0, 0.9), (2, 200, 0.8))));
        ErrorBreakdown blind = ErrorBreakdown.Compute(MatchedDetections.Create(ErrorScene.Objects((1, 0)), ErrorScene.Detections()));

        Assert.Equal(1, perfect.AP, 1e-12);
        Assert.All(perfect.Impacts, cost => Assert.Equal((0, 0.0), (cost.Count, cost.LostAP)));
        Assert.Equal(0, blind.AP);
        Assert.Equal(1, blind[ErrorKind.Missed].LostAP);
        Assert.Equal(-1, blind[ErrorKind.Missed].LostByClass[1]); // no dogs
    }

    [Fact]
    public void In_any_scene_AP_is_the_evaluators_and_every_object_is_found_explained_or_missed()
    {
        Gen<(int, double)> things = Gen.Select(Gen.Int[1, 2], Gen.Int[0, 40].Select(x => 20.0 * x));
        Gen.Select(things.Array[0, 8], Gen.Select(things, Gen.Int[0, 5].Select(s => 0.1 * s)).Array[0, 20]).Sample((objects, found) =>
        {
            CocoGroundTruth truth = ErrorScene.Objects(objects);
            CocoResults results = ErrorScene.Detections([.. found.Select(one => (one.Item1.Item1, one.Item1.Item2, one.Item2))]);
            MatchedDetections evaluated = MatchedDetections.Create(truth, results);
            ErrorBreakdown breakdown = ErrorBreakdown.Compute(evaluated);
            HashSet<int> explained = [.. evaluated.Detections.Where(one => one.Error is ErrorKind.Class or ErrorKind.Location).Select(one => one.Truth)];

            Assert.Equal(CocoEvaluator.Evaluate(truth, results).AP50, breakdown.AP, 1e-12);
            Assert.Equal(results.Count, evaluated.Detections.Count);
            Assert.All(evaluated.Objects, item => Assert.Single(new[] { item.FoundBy >= 0, item.FoundBy < 0 && explained.Contains(item.Position), item.IsMissed }, is1 => is1));
            Assert.All(breakdown.Impacts, cost => Assert.InRange(cost.LostAP, 0, 1));
        });
    }
}
