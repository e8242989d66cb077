using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.Protocols;

namespace FocalSharp.Core.Tests.Evaluation.Protocols;

public sealed class ProtocolMetricsTests
{
    private static readonly CocoBox A = new(0, 0, 40, 40);
    private static readonly CocoBox B = new(10, 0, 40, 40);
    private static readonly CocoBox C = new(200, 0, 40, 40);
    private static readonly CocoBox Nowhere = new(500, 500, 40, 40);

    // Right, wrong, right of three objects: recalls 1/3, 1/3, 2/3, precisions 1, 1/2, 2/3.
    [Theory]
    [InlineData((int)EvaluationProtocol.Voc07, 6 / 11.0)] // four recalls up to 0.3 at 1, three up to 0.6 at 2/3
    [InlineData((int)EvaluationProtocol.Voc12, 5 / 9.0)] // 1/3 * 1 + 1/3 * 2/3
    [InlineData((int)EvaluationProtocol.OpenImages, 5 / 9.0)]
    [InlineData((int)EvaluationProtocol.Coco, 56 / 101.0)] // 34 recalls up to 0.33 at 1, 33 up to 0.66 at 2/3
    public void Each_protocol_reads_the_curve_in_its_own_way(int protocol, double expected)
    {
        CocoGroundTruth truth = Truth([Object(1, A), Object(2, C), Object(3, new(300, 0, 40, 40))]);
        Assert.Equal(expected, Evaluate((EvaluationProtocol)protocol, truth, Found(A, 0.9), Found(Nowhere, 0.8), Found(C, 0.7)).AP!.Value, 1e-12);
    }

    [Fact]
    public void In_voc07_three_of_ten_objects_reach_the_recall_of_three_tenths()
    {
        CocoAnnotation[] objects = [.. Enumerable.Range(0, 10).Select(i => Object(i + 1, new(i * 50, 0, 40, 40)))];
        Assert.Equal(4 / 11.0, Evaluate(EvaluationProtocol.Voc07, Truth(objects), [.. objects.Take(3).Select((thing, i) => Found(thing.Box, 0.9 - (i * 0.1)))]).AP!.Value, 1e-12);
    }

    // The detection of a found object is wrong in VOC, though a neighbor overlaps it by 0.6; COCO gives it the neighbor.
    [Theory]
    [InlineData((int)EvaluationProtocol.Voc12, 0.5)]
    [InlineData((int)EvaluationProtocol.OpenImages, 0.5)]
    [InlineData((int)EvaluationProtocol.Coco, 1)]
    public void Voc_gives_a_detection_only_the_object_that_it_overlaps_most(int protocol, double expected) =>
        Assert.Equal(expected, Evaluate((EvaluationProtocol)protocol, Truth([Object(1, A), Object(2, B)]), Found(A, 0.9), Found(A, 0.8)).ByThreshold[0]!.Value, 1e-12);

    [Fact]
    public void Voc_ignores_difficult_objects_and_what_finds_them()
    {
        CocoGroundTruth truth = Truth([Object(1, A) with { IsDifficult = true }, Object(2, C)]);
        ProtocolMetrics metrics = Evaluate(EvaluationProtocol.Voc12, truth, Found(A, 0.9), Found(A, 0.85), Found(C, 0.7));
        Assert.Equal(1, metrics.AP!.Value, 1e-12);
        Assert.Equal(1, metrics.PerClass[0].Objects);

        // COCO does not know difficult objects: right, wrong, right of two.
        Assert.Equal((51 + (50 * 2 / 3.0)) / 101, Evaluate(EvaluationProtocol.Coco, truth, Found(A, 0.9), Found(A, 0.85), Found(C, 0.7)).AP!.Value, 1e-12);
    }

    [Fact]
    public void A_group_of_box_is_one_object_that_any_detection_inside_finds()
    {
        CocoGroundTruth truth = Truth([Object(1, new(0, 0, 100, 100)) with { IsCrowd = true }, Object(2, C)]);
        Assert.Equal(1, Evaluate(EvaluationProtocol.OpenImages, truth, Found(A, 0.9), Found(B, 0.8), Found(C, 0.7)).AP!.Value, 1e-12);
        ProtocolMetrics missed = Evaluate(EvaluationProtocol.OpenImages, truth, Found(C, 0.7));
        Assert.Equal(0.5, missed.AP!.Value, 1e-12);
        Assert.Equal(2, missed.PerClass[0].Objects);
    }

    [Theory]
    [InlineData((int)EvaluationProtocol.OpenImages)]
    [InlineData((int)EvaluationProtocol.Lvis)]
    public void A_class_counts_only_where_it_is_verified(int protocol)
    {
        // Image 1 has cats; dogs are verified to be absent in image 2 only.
        CocoAnnotation dog = new(2, 3, 2, A, A.Area, false);
        CocoGroundTruth truth = new("federated", [1, 2, 3], [new(1, "cat"), new(2, "dog")], [Object(1, A), dog])
        {
            Verifications = new Dictionary<long, ImageVerification> { [1] = new([], []), [2] = new([2], []), [3] = new([], []) },
        };
        CocoResult right = new(3, 2, A, 0.5);
        CocoResult cat = Found(A, 0.9);
        Assert.Equal(1, Evaluate((EvaluationProtocol)protocol, truth, cat, right, new CocoResult(1, 2, A, 0.9)).AP!.Value, 1e-12);

        // Wrong, then right: precision 1/2 for dogs.
        Assert.Equal(0.75, Evaluate((EvaluationProtocol)protocol, truth, cat, right, new CocoResult(2, 2, A, 0.9)).AP!.Value, 1e-12);
    }

    [Fact]
    public void Lvis_ignores_unmatched_detections_where_not_all_objects_are_annotated()
    {
        CocoGroundTruth truth = Truth([Object(1, A)]);
        CocoGroundTruth open = new(truth.Source, truth.ImageIds, truth.Categories, [Object(1, A)])
        {
            Verifications = new Dictionary<long, ImageVerification> { [1] = new([], [1]) },
        };
        Assert.Equal(0.5, Evaluate(EvaluationProtocol.Lvis, truth, Found(Nowhere, 0.9), Found(A, 0.5)).AP!.Value, 1e-12);
        Assert.Equal(1, Evaluate(EvaluationProtocol.Lvis, open, Found(Nowhere, 0.9), Found(A, 0.5)).AP!.Value, 1e-12);
    }

    [Fact]
    public void Lvis_counts_300_detections_of_an_image_over_all_classes()
    {
        CocoGroundTruth truth = new("two classes", [1], [new(1, "cat"), new(2, "dog")], [Object(1, A), new(2, 1, 2, A, A.Area, false)]);
        CocoResult[] cats = [.. Enumerable.Range(0, 300).Select(i => Found(A, 1 - (i / 1000.0)))];
        Assert.Equal(0.5, Evaluate(EvaluationProtocol.Lvis, truth, [.. cats, new CocoResult(1, 2, A, 0.1)]).AP!.Value, 1e-12);
        Assert.Equal(1, Evaluate(EvaluationProtocol.Lvis, truth, [.. cats.Skip(1), new CocoResult(1, 2, A, 0.1)]).AP!.Value, 1e-12);
    }

    [Fact]
    public void Classes_without_objects_have_no_AP()
    {
        CocoGroundTruth truth = new("truth", [1], [new(1, "cat"), new(2, "dog")], [Object(1, A)]);
        ProtocolMetrics metrics = Evaluate(EvaluationProtocol.Voc12, truth, Found(A, 0.9));
        Assert.Equal(1, metrics.AP);
        Assert.Null(metrics.PerClass[1].AP);
        Assert.Null(Evaluate(EvaluationProtocol.Voc12, Truth([])).AP);
    }

    private static ProtocolMetrics Evaluate(EvaluationProtocol protocol, CocoGroundTruth truth, params CocoResult[] results) =>
        ProtocolMetrics.Compute(MatchSetBuilder.Build(truth, new CocoResults("results", results), protocol, ProtocolDefaults.Create(protocol)));

    private static CocoGroundTruth Truth(CocoAnnotation[] objects) => new("truth", [1], [new(1, "cat")], objects);

    private static CocoAnnotation Object(long id, CocoBox box) => new(id, 1, 1, box, box.Area, false);

    private static CocoResult Found(CocoBox box, double score) => new(1, 1, box, score);
}
