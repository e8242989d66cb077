using FocalSharp.Boxes;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;

namespace FocalSharp.Core.Tests.Evaluation.ErrorAnalysis;

public sealed class LabelIssuesTests
{
    // Nine cats that are detected correctly: detections of equal confidence are reliable.
    private static readonly (int Category, double X)[] Reliable = [.. Enumerable.Range(0, 9).Select(i => (1, 10000.0 + (200 * i)))];

    [Fact]
    public void A_confident_detection_without_an_object_is_a_missing_label()
    {
        LabelIssue issue = Assert.Single(Find([], [(1, 500, 0.8)]));

        Assert.Equal((LabelIssueKind.MissingLabel, -1, 0.8), (issue.Kind, issue.Truth, issue.Severity));
        Assert.Equal("cat at 0.80, but nothing is annotated there", issue.Reason);
    }

    [Fact]
    public void A_detection_beside_a_detected_object_is_a_missing_label()
    {
        // Overlaps the found object by 40/160; its own object, if there is one, has no label.
        Assert.Equal(LabelIssueKind.MissingLabel, Assert.Single(Find([(2, 440)], [(2, 440, 0.9), (1, 500, 0.8)])).Kind);
    }

    [Fact]
    public void A_detection_within_a_larger_object_is_not_a_missing_label()
    {
        CocoGroundTruth truth = new(
            "truth", [1], [new(1, "cat"), new(2, "dog")],
            [.. ReliableObjects().Annotations, new CocoAnnotation(99, 1, 2, new CocoBox(0, 0, 900, 900), 810000, IsCrowd: false)]);

        Assert.Empty(Find(truth, [(1, 500, 0.8)]));
    }

    [Fact]
    public void Detections_at_one_place_are_one_missing_label()
    {
        LabelIssue issue = Assert.Single(Find([], [(1, 500, 0.8), (1, 520, 0.7)]));

        Assert.Equal(9, issue.Detection);
    }

    [Fact]
    public void An_object_confidently_detected_as_another_class_is_reported()
    {
        LabelIssue silent = Assert.Single(Find([(2, 0)], [(1, 5, 0.8)]));
        LabelIssue faint = Assert.Single(Find([(2, 0)], [(1, 5, 0.8), (2, 0, 0.3)]));

        Assert.Equal((LabelIssueKind.WrongClass, 9), (silent.Kind, silent.Truth));
        Assert.Equal("annotated as dog, detected as cat at 0.80, not as dog", silent.Reason);
        Assert.Equal("annotated as dog, detected as cat at 0.80, as dog only at 0.30", faint.Reason);
        Assert.Equal(0.5, faint.Severity, 1e-12);
        Assert.Empty(Find([(2, 0)], [(1, 5, 0.8), (2, 0, 0.5)])); // undecided
    }

    [Fact]
    public void A_label_is_reported_if_a_confident_detection_places_it_elsewhere()
    {
        SideValues[] deviations = [.. Enumerable.Repeat(new SideValues(2, 2, 3, 2), 10)];

        LabelIssue issue = Assert.Single(Find([(1, 0)], [(1, 50, 0.8)], deviations)); // IoU 50/150

        Assert.Equal((LabelIssueKind.BadBox, 9), (issue.Kind, issue.Truth));
        Assert.Equal(0.8 * 2 / 3, issue.Severity, 1e-12);
        Assert.Equal("cat at 0.80 overlaps its label by only 0.33 IoU: the left edge is 50 px off, with a predicted deviation of ± 2 px", issue.Reason);
    }

    [Fact]
    public void A_label_that_another_detection_confirms_is_not_reported()
    {
        Assert.Empty(Find([(1, 0)], [(1, 50, 0.8), (1, 10, 0.1)]));
    }

    [Theory]
    [InlineData(0.79)]
    [InlineData(0.1)]
    public void A_detection_of_low_confidence_is_not_evidence(double score)
    {
        // Four false positives at 0.79 reduce the precision: 9 of 13 are correct.
        Assert.Empty(Find([(2, 0)], [(1, 0, score), (1, 500, 0.79), (1, 1000, 0.79), (1, 1500, 0.79), (1, 2000, 0.79)]));
    }

    [Fact]
    public void The_strongest_of_each_kind_come_first_up_to_the_limit()
    {
        LabelIssueOptions options = new() { MaxIssues = 1 };

        IReadOnlyList<LabelIssue> issues = Find([(2, 0)], [(1, 0, 0.8), (1, 500, 0.81), (1, 1000, 0.82)], options: options);

        Assert.Equal([(LabelIssueKind.MissingLabel, 11), (LabelIssueKind.WrongClass, 9)], issues.Select(issue => (issue.Kind, issue.Detection)));
    }

    [Fact]
    public void The_number_of_issues_per_image_is_limited()
    {
        Assert.Equal([9, 10], Find([], [(1, 500, 0.84), (1, 1000, 0.83), (1, 1500, 0.82)]).Select(issue => issue.Detection));
    }

    private static CocoGroundTruth ReliableObjects(params ReadOnlySpan<(int Category, double X)> more) => ErrorScene.Objects([.. Reliable, .. more]);

    private static IReadOnlyList<LabelIssue> Find(
        (int Category, double X)[] objects, (int Category, double X, double Score)[] detections, SideValues[]? deviations = null, LabelIssueOptions? options = null) =>
        Find(ReliableObjects(objects), detections, deviations, options);

    private static IReadOnlyList<LabelIssue> Find(
        CocoGroundTruth truth, (int Category, double X, double Score)[] detections, SideValues[]? deviations = null, LabelIssueOptions? options = null) =>
        LabelIssues.Find(
            MatchedDetections.Create(truth, ErrorScene.Detections([.. Reliable.Select(item => (item.Category, item.X, 0.95)), .. detections])), options, deviations);
}
