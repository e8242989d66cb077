using System.IO.Compression;
using System.Text.Json;
using FocalSharp.Boxes;
using FocalSharp.Checkpoints;
using FocalSharp.Checkpoints.Ncnn;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Models.Tests;

/// <summary>The published NanoDet-Plus models, against outputs and detections that other code made from the same files.</summary>
[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class GoldenNanoDetPlusTests : IDisposable
{
    private const double RawTolerance = 1e-3;
    private const double BoxTolerance = 0.5;
    private const double ScoreTolerance = 0.002;
    private const double MetricTolerance = 0.001;

    // The reference reads images with OpenCV, which ignores the ICC profiles of 27 of COCO's photos.
    private static readonly DetectorLoadOptions AsOpenCV = new() { Decode = new() { ConvertColors = false } };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Models => ["nanodet-plus-m_320", "nanodet-plus-m_416", "nanodet-plus-m-1.5x_416_int8"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Models))]
    public void Computes_the_maps_of_the_reference(string name)
    {
        string file = RequireWeights(name);
        StateDict reference = SafetensorsFile.Read(Path.Combine(Path.GetDirectoryName(file)!, "reference_raw.safetensors"));
        using GflDetector detector = NanoDetPlusImporter.Create(NcnnModel.Read(file), file);
        detector.eval();
        using IDisposable guard = no_grad();
        foreach (string input in (string[])["a", "b"])
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor expected = Get($"output_{input}");
            Tensor bgr = Get($"input_{input}");
            using HeadOutput output = detector.call(bgr.flip(1));
            Tensor[] levels = [.. output.Scores.Zip(output.BoxDistributionLogits, (scores, sides) => cat([scores, sides], 1).flatten(2).transpose(1, 2))];
            Tensor actual = cat(levels, 1);
            Assert.Equal(expected.shape, actual.shape);
            GoldenReport.Record("nanodet-plus.raw", $"{name}/{input}", (actual - expected).abs().max().item<float>(), RawTolerance);
        }

        Tensor Get(string key) => reference.TryGet(key, out StateTensor? tensor) ? TensorConversion.ToTensor(tensor) : throw new InvalidOperationException(key);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Detects_what_the_reference_detects_on_coco(string name)
    {
        string file = RequireWeights(name);
        string data = RealData.Require("coco-val206");
        string weights = _folder.In(name + ".safetensors");
        NanoDetPlusWeights.Convert(file, weights);
        using TorchDetector model = TorchDetector.Load(weights, AsOpenCV);
        DetectionDataset dataset = DatasetReader.Read(data);
        Detection[][] detections = model.DetectAll(dataset.Images);

        string results = _folder.In("reference.json");
        using (GZipStream packed = new(File.OpenRead(Path.Combine(Path.GetDirectoryName(file)!, "reference_detections_coco-val206.json.gz")), CompressionMode.Decompress))
        using (FileStream plain = File.Create(results))
        {
            packed.CopyTo(plain);
        }

        CocoMetrics expected = CocoEvaluator.EvaluateFiles(Path.Combine(data, "instances_val2017.json"), results);
        CocoMetrics actual = CocoEvaluator.Evaluate(dataset, detections);
        GoldenReport.Record("nanodet-plus.ap", $"{name}/AP", Math.Abs(actual.AP - expected.AP), MetricTolerance);
        Compare(name, dataset, Read(results, dataset), detections);
    }

    /// <summary>
    /// Each detection of the reference has one of ours of the same class, box and score; at most one in a thousand may be missing or left over,
    /// whose score ties with the minimum or whose overlap with that of the NMS.
    /// </summary>
    private static void Compare(string name, DetectionDataset dataset, ILookup<long, Detection> reference, Detection[][] detections)
    {
        (int total, int unmatched, double box, double score) = (0, 0, 0, 0);
        for (int i = 0; i < detections.Length; i++)
        {
            List<Detection> rest = [.. detections[i]];
            foreach (Detection expected in reference[dataset.Images[i].Id])
            {
                total++;
                Detection[] alike = [.. rest.Where(found => found.Label == expected.Label && Math.Abs(found.Score - expected.Score) <= ScoreTolerance)];
                Detection nearest = alike.Length == 0 ? default : alike.MinBy(found => Distance(found.Box, expected.Box));
                if (alike.Length == 0 || Distance(nearest.Box, expected.Box) > BoxTolerance)
                {
                    unmatched++;
                    continue;
                }

                rest.Remove(nearest);
                box = Math.Max(box, Distance(nearest.Box, expected.Box));
                score = Math.Max(score, Math.Abs(nearest.Score - expected.Score));
            }

            unmatched += rest.Count;
        }

        GoldenReport.Record("nanodet-plus.unmatched", name, (double)unmatched / total, 0.001);
        GoldenReport.Record("nanodet-plus.boxes", name, box, BoxTolerance);
        GoldenReport.Record("nanodet-plus.scores", name, score, ScoreTolerance);
    }

    private static string RequireWeights(string name)
    {
        string path = Path.Combine(RepositoryRoot.Path, "..", "shared", "weights", name, name + ".param");
        Assert.SkipUnless(File.Exists(path), $"published weights not found: {name} under ../shared/weights");
        return path;
    }

    private static ILookup<long, Detection> Read(string results, DetectionDataset dataset)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(results));
        List<int> categories = [.. dataset.CategoryIds];
        return document.RootElement.EnumerateArray().Select(entry => (
            Image: entry.GetProperty("image_id").GetInt64(),
            Detection: new Detection(
                Xywh(entry.GetProperty("bbox")), categories.IndexOf(entry.GetProperty("category_id").GetInt32()), entry.GetProperty("score").GetSingle(), default)))
            .ToLookup(pair => pair.Image, pair => pair.Detection);
    }

    private static double Distance(Box a, Box b) => Math.Max(
        Math.Max(Math.Abs(a.X1 - b.X1), Math.Abs(a.Y1 - b.Y1)), Math.Max(Math.Abs(a.X2 - b.X2), Math.Abs(a.Y2 - b.Y2)));

    private static Box Xywh(JsonElement box) => new(
        box[0].GetSingle(), box[1].GetSingle(), box[0].GetSingle() + box[2].GetSingle(), box[1].GetSingle() + box[3].GetSingle());
}
