using CsCheck;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;

namespace FocalSharp.Core.Tests.Evaluation.ErrorAnalysis;

public sealed class ConfusionMatrixTests
{
    [Fact]
    public void Rows_are_what_is_annotated_and_columns_what_is_detected()
    {
        ConfusionMatrix matrix = ConfusionMatrix.Compute(MatchedDetections.Create(ErrorScene.GroundTruth, ErrorScene.Results));

        // cats: two found, one not; dogs: one found, one taken for a cat, one not found; four cats on nothing or twice
        Assert.Equal([2, 0, 1, 1, 1, 1, 4, 0, 0], Cells(matrix));
        Assert.Equal(2 / 3.0, matrix.Recall(0));
        Assert.Equal(2 / 7.0, matrix.Precision(0));
        Assert.Equal(1 / 3.0, matrix.Recall(1));
        Assert.Equal(1, matrix.Precision(1));
    }

    [Fact]
    public void Detections_on_no_object_are_split_by_their_error()
    {
        ConfusionMatrix matrix = ConfusionMatrix.Compute(MatchedDetections.Create(ErrorScene.GroundTruth, ErrorScene.Results));

        // The scene has one of each kind; the dog taken for a cat is a confusion of classes.
        Assert.Equal([1, 1, 1, 0, 1], ConfusionMatrix.UnmatchedKinds.Select(kind => matrix.CountUnmatched(kind, 0)));
        Assert.Equal(matrix[matrix.BackgroundIndex, 0], ConfusionMatrix.UnmatchedKinds.Sum(kind => matrix.CountUnmatched(kind, 0)));
        Assert.Equal(0, ConfusionMatrix.UnmatchedKinds.Sum(kind => matrix.CountUnmatched(kind, 1)));
    }

    [Fact]
    public void Each_entry_is_about_an_object_or_a_detection_of_its_cell()
    {
        MatchedDetections matched = MatchedDetections.Create(ErrorScene.GroundTruth, ErrorScene.Results);
        ConfusionMatrix matrix = ConfusionMatrix.Compute(matched);

        Assert.Equal(matched.Detections.Count, matrix.Entries.Count(entry => entry.Detection >= 0));
        Assert.Equal(matched.Objects.Count, matrix.Entries.Count(entry => entry.Truth >= 0));
        Assert.All(matrix.Entries.Where(entry => entry.Truth >= 0), entry => Assert.Equal(matched.Categories[entry.Annotated].Id, matched.Truth[entry.Truth].CategoryId));
        Assert.All(matrix.Entries.Where(entry => entry.Detection >= 0), entry => Assert.Equal(matched.Categories[entry.Detected].Id, matched.Results[entry.Detection].CategoryId));
        Assert.All(matrix.Entries, entry => Assert.Equal(entry.Truth < 0, entry.Error is not null));
    }

    [Fact]
    public void A_higher_score_threshold_misses_more_objects()
    {
        ConfusionMatrix matrix = ConfusionMatrix.Compute(MatchedDetections.Create(ErrorScene.GroundTruth, ErrorScene.Results, minScore: 0.35));

        Assert.Equal([1, 0, 2, 1, 0, 2, 4, 0, 0], Cells(matrix));
        Assert.Equal(0.35, matrix.MinScore);
    }

    [Fact]
    public void A_correctly_detected_object_is_not_confused_with_a_more_confident_class()
    {
        ConfusionMatrix matrix = ConfusionMatrix.Compute(MatchedDetections.Create(ErrorScene.Objects((1, 0)), ErrorScene.Detections((2, 0, 0.9), (1, 0, 0.2))));

        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 1, 0], Cells(matrix));
    }

    [Fact]
    public void A_class_that_is_absent_has_no_recall()
    {
        ConfusionMatrix matrix = ConfusionMatrix.Compute(MatchedDetections.Create(ErrorScene.Objects((1, 0)), ErrorScene.Detections()));

        Assert.Equal(0, matrix.Recall(0));
        Assert.Equal(double.NaN, matrix.Recall(1));
        Assert.Equal(double.NaN, matrix.Precision(0));
    }

    [Fact]
    public void In_any_scene_precision_and_recall_are_those_of_the_curve_at_this_score()
    {
        Gen<(int, double)> things = Gen.Select(Gen.Int[1, 2], Gen.Int[0, 40].Select(x => 20.0 * x));
        Gen.Select(things.Array[1, 8], Gen.Select(things, Gen.Int[0, 5].Select(s => 0.1 * s)).Array[1, 20]).Sample((objects, found) =>
        {
            CocoGroundTruth truth = ErrorScene.Objects(objects);
            CocoResults results = ErrorScene.Detections([.. found.Select(one => (one.Item1.Item1, one.Item1.Item2, one.Item2))]);
            CocoMetrics metrics = CocoEvaluator.Evaluate(truth, results);
            for (int k = 0; k < 2; k++)
            {
                PrecisionRecallCurve curve = PrecisionRecall.Curve(metrics, k);
                for (int i = 0; i < curve.Scores.Length && curve.TruthCount > 0; i++)
                {
                    ConfusionMatrix matrix = ConfusionMatrix.Compute(MatchedDetections.Create(truth, results, minScore: curve.Scores[i]));
                    Assert.Equal(curve.Precision[i], matrix.Precision(k), 1e-12);
                    Assert.Equal(curve.Recall[i], matrix.Recall(k), 1e-12);
                }
            }
        });
    }

    private static int[] Cells(ConfusionMatrix matrix) =>
        [.. Enumerable.Range(0, matrix.BackgroundIndex + 1).SelectMany(row => Enumerable.Range(0, matrix.BackgroundIndex + 1).Select(column => matrix[row, column]))];
}
