using CsCheck;
using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Core.Tests.Evaluation.Coco;

public sealed class CocoEvaluatorTests
{
    private static readonly CocoCategory Cat = new(1, "cat");
    private static readonly CocoBox First = new(0, 0, 40, 40);
    private static readonly CocoBox Second = new(100, 0, 40, 40);

    [Fact]
    public void Reads_precision_at_101_recalls()
    {
        // Right, wrong, right: precision 1 up to recall 0.5, then 2/3.
        CocoMetrics metrics = CocoEvaluator.Evaluate(
            Truth(new(1, 1, 1, First, 1600, false), new(2, 1, 1, Second, 1600, false)),
            Results(new(1, 1, First, 0.9), new(1, 1, new(500, 500, 40, 40), 0.8), new(1, 1, Second, 0.7)));
        Assert.Equal((51 + (50 * 2 / 3.0)) / 101, metrics.AP50, 1e-12);
        Assert.Equal(metrics.AP50, metrics.AP, 1e-12);
        Assert.Equal(0.5, metrics.AR1);
        Assert.Equal(1, metrics.AR10);
        Assert.Equal(metrics.AP, metrics.APm, 1e-12);
        Assert.Equal(-1, metrics.APs);
        Assert.Equal(2, metrics.PerClass[0].GroundTruths);
    }

    [Fact]
    public void A_higher_IoU_counts_at_more_thresholds()
    {
        // IoU 30·40 / (40·40) = 0.75: right at six of the ten thresholds.
        CocoMetrics metrics = CocoEvaluator.Evaluate(
            Truth(new CocoAnnotation(1, 1, 1, First, 1600, false)), Results(new CocoResult(1, 1, new(0, 0, 30, 40), 0.5)));
        Assert.Equal(1, metrics.AP50, 1e-12);
        Assert.Equal(1, metrics.AP75, 1e-12);
        Assert.Equal(0.6, metrics.AP, 1e-12);
        Assert.Equal(0.6, metrics.AR100, 1e-12);
    }

    [Fact]
    public void Of_two_objects_with_equal_IoU_the_later_is_matched()
    {
        CocoGroundTruth truth = Truth(new(1, 1, 1, First, 1600, false), new(2, 1, 1, First, 1600, false));
        ImageMatches matches = Assert.Single(CocoEvaluator.Match(truth, Results(new CocoResult(1, 1, First, 0.5))));
        Assert.All(matches.Matches, places => Assert.Equal([1], places));
    }

    [Fact]
    public void A_crowd_matches_any_number_of_detections_and_none_counts()
    {
        CocoGroundTruth truth = Truth(new(1, 1, 1, new(0, 0, 200, 200), 40000, true), new(2, 1, 1, new(300, 0, 40, 40), 1600, false));
        CocoMetrics metrics = CocoEvaluator.Evaluate(truth, Results(
            new(1, 1, First, 0.9), new(1, 1, Second, 0.8), new(1, 1, new(300, 0, 40, 40), 0.7)));
        Assert.Equal(1, metrics.AP, 1e-12);
        Assert.Equal(1, metrics.PerClass[0].GroundTruths);
    }

    [Fact]
    public void An_object_of_id_0_is_found_unless_the_reference_is_to_be_reproduced()
    {
        CocoGroundTruth truth = Truth(new CocoAnnotation(0, 1, 1, First, 1600, false));
        CocoResults results = Results(new CocoResult(1, 1, First, 0.9));
        Assert.Equal(1, CocoEvaluator.Evaluate(truth, results).AP, 1e-12);
        Assert.Equal(0, CocoEvaluator.Evaluate(truth, results, new() { ZeroIdIsUnmatched = true }).AP);
    }

    [Theory]
    [InlineData(1024, 1, 1, -1)]
    [InlineData(1023.9, 1, -1, -1)]
    [InlineData(1024.1, -1, 1, -1)]
    [InlineData(9216, -1, 1, 1)]
    [InlineData(9217, -1, -1, 1)]
    public void Both_ends_of_an_area_range_belong_to_it(double area, double small, double medium, double large)
    {
        CocoMetrics metrics = CocoEvaluator.Evaluate(
            Truth(new CocoAnnotation(1, 1, 1, First, area, false)), Results(new CocoResult(1, 1, First, 0.9)));
        Assert.Equal([small, medium, large], new[] { metrics.APs, metrics.APm, metrics.APl }.Select(value => Math.Round(value, 9)));
    }

    [Fact]
    public void Among_equal_scores_the_earlier_entry_ranks_first()
    {
        CocoGroundTruth truth = Truth(new CocoAnnotation(1, 1, 1, First, 1600, false));
        CocoEvaluationOptions one = new() { MaxDetections = [1] };
        CocoResult right = new(1, 1, First, 0.5);
        CocoResult wrong = new(1, 1, Second, 0.5);
        Assert.Equal(1, CocoEvaluator.Evaluate(truth, Results(right, wrong), one).AP, 1e-12);
        Assert.Equal(0, CocoEvaluator.Evaluate(truth, Results(wrong, right), one).AP);
    }

    [Fact]
    public void Numbers_do_not_depend_on_the_number_of_threads() =>
        Scenes.Sample(scene =>
        {
            CocoMetrics serial = CocoEvaluator.Evaluate(scene.Truth, scene.Results, new() { MaxDegreeOfParallelism = 1 });
            CocoMetrics parallel = CocoEvaluator.Evaluate(scene.Truth, scene.Results, new() { MaxDegreeOfParallelism = 4 });
            Assert.Equal(serial.Arrays.Precision, parallel.Arrays.Precision);
            Assert.Equal(serial.Arrays.Scores, parallel.Arrays.Scores);
            Assert.Equal(serial.Arrays.Recall, parallel.Arrays.Recall);
        });

    [Fact]
    public void Metrics_stay_in_range_and_a_lower_threshold_never_reduces_AP() =>
        Scenes.Sample(scene =>
        {
            CocoMetrics metrics = CocoEvaluator.Evaluate(scene.Truth, scene.Results);
            Assert.All(metrics.Summary, number => Assert.True(number.Value is -1 or (>= 0 and <= 1 + 1e-12), $"{number}"));
            Assert.True(metrics.AP50 >= metrics.AP75 - 1e-12);
            Assert.True(metrics.AR100 >= metrics.AR10 && metrics.AR10 >= metrics.AR1);
        });

    [Fact]
    public void The_objects_themselves_as_detections_reach_1() =>
        Scenes.Where(scene => scene.Truth.Count > 0).Sample(scene =>
        {
            CocoResults perfect = new("perfect", Enumerable.Range(0, scene.Truth.Count).Select(i => scene.Truth[i])
                .Where(thing => !thing.IsCrowd).Select(thing => new CocoResult(thing.ImageId, thing.CategoryId, thing.Box, 1)));
            double ap = CocoEvaluator.Evaluate(scene.Truth, perfect).AP;
            Assert.True(ap == -1 || Math.Abs(ap - 1) < 1e-12);
        });

    [Fact]
    public void A_data_set_and_its_files_give_the_same_numbers()
    {
        DetectionDataset dataset = Dataset();
        List<IReadOnlyList<Detection>> detections =
        [
            [new(new Box(1, 2, 30.7f, 41.3f), 1, 0.9f, default), new(new Box(50, 50, 90, 90), 0, 0.4f, default)],
            [new(new Box(10, 10, 20, 22), 0, 0.7f, default)],
        ];
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        try
        {
            CocoResults.From(dataset, detections).Write(path);
            CocoMetrics fromFile = CocoEvaluator.Evaluate(CocoGroundTruth.From(dataset), CocoResults.Read(path));
            CocoMetrics direct = CocoEvaluator.Evaluate(dataset, detections);
            Assert.Equal(direct.Arrays.Precision, fromFile.Arrays.Precision);
            Assert.Equal(direct.Arrays.Scores, fromFile.Arrays.Scores);
            Assert.True(direct.AP > 0);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Splits_with_equal_image_ids_are_separated()
    {
        DetectionDataset dataset = Dataset();
        DetectionDataset merged = dataset with { Images = [dataset.Images[0], dataset.Images[1] with { Id = dataset.Images[0].Id }] };
        IReadOnlyList<IReadOnlyList<Detection>> detections =
            [.. merged.Images.Select(image => image.Objects.Select(thing => new Detection(thing.Box, thing.Label, 0.5f, default)).ToArray())];
        Assert.Equal(1, CocoEvaluator.Evaluate(merged, detections).AP, 1e-12);
        Assert.Throws<DatasetException>(() => CocoResults.From(merged, detections));
    }

    [Fact]
    public void Results_of_unknown_images_or_categories_are_rejected_with_their_entry()
    {
        CocoGroundTruth truth = Truth(new CocoAnnotation(1, 1, 1, First, 1600, false));
        CocoResult fine = new(1, 1, First, 0.5);
        Assert.Contains("entry 1: image_id 9", Refusal(fine with { ImageId = 9 }), StringComparison.Ordinal);
        Assert.Contains("entry 1: category_id 7", Refusal(fine with { CategoryId = 7 }), StringComparison.Ordinal);
        CocoEvaluationOptions lenient = new() { IgnoreUnknownCategories = true };
        Assert.Equal(1, CocoEvaluator.Evaluate(truth, Results(fine, fine with { CategoryId = 7 }), lenient).AP, 1e-12);

        string Refusal(CocoResult second) =>
            Assert.Throws<DatasetException>(() => CocoEvaluator.Evaluate(truth, Results(fine, second))).Message;
    }

    [Fact]
    public void Invalid_settings_are_rejected()
    {
        Refused(new() { IouThresholds = [] });
        Refused(new() { IouThresholds = [0.7, 0.5] });
        Refused(new() { IouThresholds = CocoEvaluationOptions.Linspace(0, 1, 65) });
        Refused(new() { RecallThresholds = [double.NaN] });
        Refused(new() { MaxDetections = [0] });
        Refused(new() { AreaRanges = [new("none", 2, 1)] });

        static void Refused(CocoEvaluationOptions options) =>
            Assert.Throws<OptionException>(() => CocoEvaluator.Evaluate(Truth(), Results(), options));
    }

    private static Gen<(CocoGroundTruth Truth, CocoResults Results)> Scenes { get; } =
        from boxes in Gen.Select(Gen.Int[1, 4], Gen.Int[1, 2], Gen.Double[0, 60], Gen.Double[0, 60], Gen.Double[5, 120], Gen.Double[0, 1]).Array[0, 60]
        from objects in Gen.Int[0, boxes.Length]
        select (
            new CocoGroundTruth("scene", [1, 2, 3, 4], [Cat, new CocoCategory(2, "dog")], boxes.Take(objects).Select((b, i) =>
                new CocoAnnotation(i + 1, b.Item1, b.Item2, new(b.Item3, b.Item4, b.Item5, b.Item5), b.Item5 * b.Item5, b.Item6 < 0.1))),
            new CocoResults("scene", boxes.Select(b => new CocoResult(b.Item1, b.Item2, new(b.Item3, b.Item4 + 3, b.Item5, b.Item5), Math.Round(b.Item6, 1)))));

    private static DetectionDataset Dataset() => new()
    {
        Name = "pets",
        Classes = ["cat", "dog"],
        CategoryIds = [3, 8],
        Images =
        [
            new DatasetImage
            {
                Id = 7, FileName = "a.jpg", Path = "a.jpg", Width = 100, Height = 100,
                Objects = [new ObjectAnnotation { Id = 1, Label = 1, Box = new Box(1, 2, 31, 42), Area = 1200 }],
            },
            new DatasetImage
            {
                Id = 5, FileName = "b.jpg", Path = "b.jpg", Width = 100, Height = 100,
                Objects = [new ObjectAnnotation { Id = 2, Label = 0, Box = new Box(10, 10, 20, 20), Area = 100 }],
            },
        ],
    };

    private static CocoGroundTruth Truth(params CocoAnnotation[] annotations) => new("truth", [1], [Cat], annotations);

    private static CocoResults Results(params CocoResult[] entries) => new("results", entries);
}
