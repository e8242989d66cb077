using System.Text;
using System.Text.Json;
using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;

namespace FocalSharp.Core.Tests.Evaluation.ErrorAnalysis;

public sealed class DetectionAnalysisTests
{
    private static readonly DetectionAnalysis Analysis =
        DetectionAnalysis.Create(CocoEvaluator.Evaluate(ErrorScene.GroundTruth, ErrorScene.Results), ErrorScene.GroundTruth, ErrorScene.Results);

    private static readonly DatasetImage Image = new() { Id = 1, FileName = "one.png", Path = "one.png", Width = 1, Height = 1 };

    [Fact]
    public void The_threshold_is_the_score_of_the_best_F1()
    {
        // F1 = 2 · right / (kept + 6): 2/7 at 0.9, then falling, 4/13 at 0.3, 6/14 at 0.1.
        Assert.Equal(0.1, Analysis.Threshold);
        Assert.Equal(6 / 14.0, Analysis.Pooled.BestF1, 1e-12);
        Assert.Equal(0.1, Analysis.Confusion.MinScore);
        Assert.Equal(0.1, Analysis.Matched.MinScore);
    }

    [Fact]
    public void The_lost_AP_is_a_mean_over_IoU_thresholds()
    {
        // IoU 0.6: right at 0.50, 0.55 and 0.60, too far off at the seven others.
        CocoGroundTruth truth = ErrorScene.Objects((1, 0));
        CocoResults results = ErrorScene.Detections((1, 25, 0.9));

        DetectionAnalysis analysis = DetectionAnalysis.Create(CocoEvaluator.Evaluate(truth, results), truth, results);

        Assert.Equal((1, 0, 0.3), (analysis.LooseErrors.AP, analysis.StrictErrors.AP, Math.Round(analysis.Errors.AP, 12)));
        Assert.Equal(0, analysis.LooseErrors[ErrorKind.Location].LostAP);
        Assert.Equal(1, analysis.StrictErrors[ErrorKind.Location].LostAP, 1e-12);
        Assert.Equal(0.7, analysis.Errors[ErrorKind.Location].LostAP, 1e-12);
        Assert.Equal([0.7, -1], analysis.Errors[ErrorKind.Location].LostByClass.Select(value => Math.Round(value, 12)));
    }

    [Fact]
    public void Json_contains_all_values()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            AnalysisJson.Write(writer, Analysis with { ImagesById = new Dictionary<long, DatasetImage> { [1] = Image } });
        }

        JsonElement root = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray())).RootElement;
        Assert.Equal(["iou", "threshold", "curves", "errors", "confusion", "worst_images", "label_suspects"], root.EnumerateObject().Select(property => property.Name));
        Assert.Equal(["all classes", "cat", "dog"], root.GetProperty("curves").EnumerateArray().Select(curve => curve.GetProperty("name").GetString()));
        Assert.Equal(["class", "location", "both", "duplicate", "background", "missed"], root.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("kind").GetString()));
        Assert.Equal(33 / 101.0, root.GetProperty("errors")[0].GetProperty("lost_by_class")[1].GetProperty("lost_AP50").GetDouble(), 1e-9);
        Assert.Equal("[[2,0,1],[1,1,1],[4,0,0]]", root.GetProperty("confusion").GetProperty("annotated_by_detected").GetRawText());
        Assert.Equal("one.png", root.GetProperty("worst_images")[0].GetProperty("file").GetString());
    }

    [Fact]
    public void Label_issues_in_json_contain_the_label_and_the_detection()
    {
        CocoGroundTruth truth = ErrorScene.Objects([.. Enumerable.Range(0, 9).Select(i => (1, 200.0 * i)), (2, 5000)]);
        CocoResults results = ErrorScene.Detections([.. Enumerable.Range(0, 9).Select(i => (1, 200.0 * i, 0.9)), (1, 5000, 0.9)]);
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            AnalysisJson.Write(writer, DetectionAnalysis.Create(CocoEvaluator.Evaluate(truth, results), truth, results));
        }

        JsonElement issue = JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray())).RootElement.GetProperty("label_suspects")[0];
        Assert.Equal("wrong_class", issue.GetProperty("kind").GetString());
        Assert.Equal((10, 2, 1), (issue.GetProperty("annotation_id").GetInt32(), issue.GetProperty("annotated_category_id").GetInt32(), issue.GetProperty("category_id").GetInt32()));
        Assert.Equal("[5000,0,100,100]", issue.GetProperty("annotated_bbox").GetRawText());
    }

    [Fact]
    public void A_data_set_gives_its_file_names_and_the_deviations_of_edges()
    {
        Box box = new(0, 0, 100, 100);
        DetectionDataset dataset = new()
        {
            Name = "set",
            Classes = ["cat"],
            CategoryIds = [7],
            Images =
            [
                .. Enumerable.Range(1, 4).Select(i => new DatasetImage
                {
                    Id = 1, // ids may repeat
                    FileName = $"{i}.png",
                    Path = $"{i}.png",
                    Width = 200,
                    Height = 200,
                    Objects = [new ObjectAnnotation { Label = 0, Box = box, Area = box.Area, Id = i }],
                }),
            ],
        };
        Detection[][] detections = [.. Enumerable.Range(1, 4).Select(i => new[] { new Detection(i == 4 ? box.Translate(0, 45) : box, 0, 0.9f, new SideValues(1, 4, 1, 1)) })];

        DetectionAnalysis analysis = DetectionAnalysis.Create(CocoEvaluator.Evaluate(dataset, detections), dataset, detections);

        LabelIssue issue = Assert.Single(analysis.Issues);
        Assert.Equal("4.png", analysis.NameOf(issue.ImageId));
        Assert.EndsWith("the top edge is 45 px off, with a predicted deviation of ± 4 px", issue.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_detections_all_is_missed()
    {
        CocoResults none = ErrorScene.Detections();

        DetectionAnalysis analysis = DetectionAnalysis.Create(CocoEvaluator.Evaluate(ErrorScene.GroundTruth, none), ErrorScene.GroundTruth, none);

        Assert.Equal(0, analysis.Threshold);
        Assert.Equal(6, analysis.Images[0][ErrorKind.Missed]);
        Assert.Empty(analysis.Issues);
    }
}
