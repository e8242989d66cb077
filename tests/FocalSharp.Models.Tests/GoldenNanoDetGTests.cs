using System.Text.Json;
using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Runtime;

namespace FocalSharp.Models.Tests;

/// <summary>The published light model on real images, against the reference's own detections and numbers.</summary>
[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class GoldenNanoDetGTests : IDisposable
{
    private const double BoxTolerance = 1;
    private const double ScoreTolerance = 0.01;
    private const double MetricTolerance = 0.003;

    // The reference reads images with OpenCV, which ignores the ICC profiles of 27 of COCO's photos.
    private static readonly DetectorLoadOptions AsOpenCV = new() { Decode = new() { ConvertColors = false } };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Detects_what_the_reference_detects_on_coco()
    {
        string golden = GoldenData.Require("nanodet-g", "nanodet-g_coco-val206_results.json");
        string stats = GoldenData.Require("nanodet-g", "nanodet-g_coco-val206_stats.json");
        string data = RealData.Require("coco-val206");
        using TorchDetector model = TorchDetector.Load(NanoDetGFile.Require(_folder), AsOpenCV);
        DetectionDataset dataset = DatasetReader.Read(data);
        Detection[][] detections = model.DetectAll(dataset.Images);

        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(golden));
        ILookup<long, Detection> byImage = expected.RootElement.EnumerateArray().ToLookup(
            entry => entry.GetProperty("image_id").GetInt64(),
            entry => new Detection(
                Xywh(entry.GetProperty("bbox")),
                dataset.CategoryIds.ToList().IndexOf(entry.GetProperty("category_id").GetInt32()),
                entry.GetProperty("score").GetSingle(),
                default));
        for (int i = 0; i < detections.Length; i++)
        {
            Compare("coco-val206", $"{dataset.Images[i].Id}", [.. byImage[dataset.Images[i].Id]], detections[i]);
        }

        using JsonDocument numbers = JsonDocument.Parse(File.ReadAllText(stats));
        double[] published = [.. numbers.RootElement.GetProperty("stats").EnumerateArray().Select(value => value.GetDouble())];
        CocoMetrics metrics = CocoEvaluator.Evaluate(dataset, detections);
        GoldenReport.Record("nanodet-g.ap", "AP", Math.Abs(metrics.AP - published[0]), MetricTolerance);
        GoldenReport.Record("nanodet-g.ap", "AP50", Math.Abs(metrics.AP50 - published[1]), MetricTolerance);
        GoldenReport.Record("nanodet-g.ap", "AP75", Math.Abs(metrics.AP75 - published[2]), MetricTolerance);
    }

    [Fact]
    public void Detects_what_the_reference_detects_on_photos()
    {
        string golden = GoldenData.Require("nanodet-g", "nanodet-g_photos.json");
        string photos = RealData.Require("photos");
        using TorchDetector model = TorchDetector.Load(NanoDetGFile.Require(_folder));

        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(golden));
        foreach (JsonProperty photo in expected.RootElement.GetProperty("images").EnumerateObject())
        {
            JsonElement.ArrayEnumerator entries = photo.Value.GetProperty("detections").EnumerateArray();
            Detection[] detections = [.. model.Detect(Path.Combine(photos, photo.Name), new DetectOptions { ScoreThreshold = 0.3 })];
            Detection[] reference = [.. entries.Select(entry => new Detection(
                Xyxy(entry.GetProperty("xyxy")), entry.GetProperty("class_index").GetInt32(), entry.GetProperty("score").GetSingle(), default))];
            Assert.All(entries, entry => Assert.Equal(
                entry.GetProperty("label").GetString(), CocoClasses.Names[entry.GetProperty("class_index").GetInt32()]));
            Compare("photos", photo.Name, reference, detections);
        }
    }

    /// <summary>Each expected detection has one of ours of the same class, box and score, and none of ours is left over.</summary>
    private static void Compare(string group, string id, Detection[] expected, Detection[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        List<Detection> rest = [.. actual];
        (double box, double score) = (0, 0);
        foreach (Detection reference in expected)
        {
            Detection[] alike = [.. rest.Where(found => found.Label == reference.Label)];
            Assert.True(alike.Length > 0, $"{id}: no {CocoClasses.Names[reference.Label]} is left for the reference's at {reference.Box}");
            Detection nearest = alike.MinBy(found => Distance(found.Box, reference.Box));
            rest.Remove(nearest);
            box = Math.Max(box, Distance(nearest.Box, reference.Box));
            score = Math.Max(score, Math.Abs(nearest.Score - reference.Score));
        }

        GoldenReport.Record($"nanodet-g.{group}.boxes", id, box, BoxTolerance);
        GoldenReport.Record($"nanodet-g.{group}.scores", id, score, ScoreTolerance);
    }

    private static double Distance(Box a, Box b) => Math.Max(
        Math.Max(Math.Abs(a.X1 - b.X1), Math.Abs(a.Y1 - b.Y1)), Math.Max(Math.Abs(a.X2 - b.X2), Math.Abs(a.Y2 - b.Y2)));

    private static Box Xyxy(JsonElement box) => new(box[0].GetSingle(), box[1].GetSingle(), box[2].GetSingle(), box[3].GetSingle());

    private static Box Xywh(JsonElement box) => new(
        box[0].GetSingle(), box[1].GetSingle(), box[0].GetSingle() + box[2].GetSingle(), box[1].GetSingle() + box[3].GetSingle());
}
