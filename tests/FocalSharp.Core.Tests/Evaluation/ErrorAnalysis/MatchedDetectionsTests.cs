using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;

namespace FocalSharp.Core.Tests.Evaluation.ErrorAnalysis;

public sealed class MatchedDetectionsTests
{
    [Fact]
    public void Each_detection_is_correct_or_has_one_error()
    {
        MatchedDetections evaluated = MatchedDetections.Create(ErrorScene.GroundTruth, ErrorScene.Results);

        Assert.Equal(
            [
                (0, null, 0), (1, ErrorKind.Duplicate, 0), (2, ErrorKind.Class, 1), (3, ErrorKind.Location, 2),
                (4, ErrorKind.Background, -1), (5, ErrorKind.Both, 3), (6, null, 4), (7, null, 5),
            ],
            evaluated.Detections.Select(one => (one.Position, one.Error, one.Truth)));
        Assert.Equal([1, 95 / 105.0, 1, 0.25, 0, 0.25, 1, 1], evaluated.Detections.Select(one => one.Iou));
    }

    [Fact]
    public void An_object_is_missed_if_no_class_or_location_error_explains_it()
    {
        MatchedDetections evaluated = MatchedDetections.Create(ErrorScene.GroundTruth, ErrorScene.Results);

        Assert.Equal(
            [(0, 0, false), (2, -1, false), (4, 6, false), (1, -1, false), (3, -1, true), (5, 7, false)],
            evaluated.Objects.Select(item => (item.Position, item.FoundBy, item.IsMissed)));
    }

    [Fact]
    public void Detections_below_the_score_are_ignored()
    {
        MatchedDetections evaluated = MatchedDetections.Create(ErrorScene.GroundTruth, ErrorScene.Results, minScore: 0.65);

        Assert.Equal([0, 1, 2], evaluated.Detections.Select(one => one.Position));
        Assert.Equal([2, 3, 4, 5], evaluated.Objects.Where(item => item.IsMissed).Select(item => item.Position).Order());
    }

    [Fact]
    public void A_higher_IoU_threshold_turns_a_match_into_a_location_error()
    {
        CocoGroundTruth truth = ErrorScene.Objects((1, 0));
        CocoResults results = ErrorScene.Detections((1, 25, 0.9)); // IoU 75/125 = 0.6

        Assert.Null(MatchedDetections.Create(truth, results, 0.5).Detections[0].Error);
        Assert.Equal(ErrorKind.Location, MatchedDetections.Create(truth, results, 0.75).Detections[0].Error);
    }

    [Fact]
    public void Detections_on_a_crowd_are_ignored_and_a_crowd_is_not_missed()
    {
        CocoGroundTruth truth = new("truth", [1], [new(1, "cat")], [new CocoAnnotation(1, 1, 1, new CocoBox(0, 0, 500, 500), 250000, IsCrowd: true)]);

        MatchedDetections evaluated = MatchedDetections.Create(truth, ErrorScene.Detections((1, 100, 0.9), (1, 900, 0.8)));

        Assert.Equal([(1, ErrorKind.Background)], evaluated.Detections.Select(one => (one.Position, one.Error!.Value)));
        Assert.Empty(evaluated.Objects);
    }

    [Fact]
    public void An_image_without_objects_has_background_only()
    {
        MatchedDetections evaluated = MatchedDetections.Create(ErrorScene.Objects(), ErrorScene.Detections((2, 0, 0.9)));

        Assert.Equal(ErrorKind.Background, Assert.Single(evaluated.Detections).Error);
    }
}
