using System.IO.Compression;
using System.Text.Json;
using FocalSharp.Boxes;
using FocalSharp.Checkpoints;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Modeling.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Models.Tests;

/// <summary>Published PicoDet weights against ONNX Runtime's outputs of the original files.</summary>
[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class GoldenPicoDetTests : IDisposable
{
    private const double RawTolerance = 1e-3;
    private const double BoxTolerance = 0.5;
    private const double ScoreTolerance = 0.002;
    private const double ApTolerance = 0.001;

    // Boxes near the threshold, or whose NMS IoU is within rounding of the threshold, can be found by one side only.
    private const float ScoreMargin = 0.005f;

    // The reference reads images with OpenCV, which ignores ICC profiles.
    private static readonly DetectorLoadOptions AsOpenCV = new() { Decode = new() { ConvertColors = false } };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("picodet-s_320", "picodet_s_320_coco.onnx", 320)]
    [InlineData("picodet-s_416", "picodet_s_416_coco.onnx", 416)]
    [InlineData("picodet-xs_416", "picodet_xs_416_processed.onnx", 416)]
    public void Raw_maps_are_those_of_the_published_file(string model, string file, int size)
    {
        StateDict reference = SafetensorsFile.Read(WeightData.Require(model, "reference_raw.safetensors"));
        using OnnxImport imported = OnnxImporter.Import(WeightData.Require(model, file));
        imported.Detector.eval();
        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();

        Assert.Equal(size, imported.InputSize);
        float[] points = reference["points"].Span<float>().ToArray();
        foreach ((string name, int channel, int column, int row, int divisor) in new[] { ("a", 85, 13, 7, 3), ("b", 17, 5, 3, 7) })
        {
            byte[] pixels = new byte[3 * size * size];
            for (int i = 0; i < pixels.Length; i++)
            {
                (int c, int y, int x) = (i / (size * size), i / size % size, i % size);
                pixels[i] = (byte)((channel * c) + (row * y) + (column * x) + (x * y / divisor));
            }

            using HeadOutput output = imported.Detector.call(imported.Detector.Preprocess(tensor(pixels, [1, 3, size, size], ScalarType.Byte)));
            Tensor scores = cat([.. output.Scores.Select(map => (output.ScoresAreProbabilities ? map : map.sigmoid()).flatten(2))], 2)[0].transpose(0, 1);
            Tensor bins = cat([.. output.BoxDistributionLogits.Select(map => map.flatten(2))], 2)[0].transpose(0, 1);
            Tensor at = arange(points.Length) * 25;
            Compare($"{model}.scores", name, reference[$"scores_{name}"], scores.index_select(0, at));
            Compare($"{model}.bins", name, reference[$"bins_{name}"], bins.index_select(0, at));
            for (int level = 0; level < output.Scores.Count; level++)
            {
                // The sums cover every location; relative to the number of summed values they are means.
                float expected = reference[$"level_sums_{name}"].Span<float>()[(3 * level) + 2];
                GoldenReport.Record(
                    $"{model}.sums", $"{name}{level}", Math.Abs(output.BoxDistributionLogits[level].abs().sum().item<float>() - expected) / expected, RawTolerance);
            }
        }
    }

    [Theory]
    [InlineData("picodet-s_320", "picodet_s_320_coco.onnx", 30.10)]
    [InlineData("picodet-s_416", "picodet_s_416_coco.onnx", 34.97)]
    [InlineData("picodet-xs_416", "picodet_xs_416_processed.onnx", 27.88)]
    [Trait(TestCategories.Trait, TestCategories.Slow)]
    public void Detects_what_the_published_file_detects_on_coco(string model, string file, double ap)
    {
        string weights = WeightData.Require(model, file);
        string golden = WeightData.Require(model, "reference_detections_coco-val206.json.gz");
        DetectionDataset dataset = DatasetReader.Read(RealData.Require("coco-val206"));
        string converted = _folder.In($"{model}.safetensors");
        PicoDetWeights.Convert(weights, converted);
        using TorchDetector detector = TorchDetector.Load(converted, AsOpenCV);
        Detection[][] detections = detector.DetectAll(dataset.Images);

        using GZipStream unzipped = new(File.OpenRead(golden), CompressionMode.Decompress);
        using JsonDocument expected = JsonDocument.Parse(unzipped);
        List<int> categories = [.. dataset.CategoryIds];
        ILookup<long, Detection> byImage = expected.RootElement.EnumerateArray().ToLookup(
            entry => entry.GetProperty("image_id").GetInt64(),
            entry => new Detection(
                Xywh(entry.GetProperty("bbox")), categories.IndexOf(entry.GetProperty("category_id").GetInt32()), entry.GetProperty("score").GetSingle(), default));
        int unmatched = 0;
        int total = 0;
        for (int i = 0; i < detections.Length; i++)
        {
            Detection[] reference = [.. byImage[dataset.Images[i].Id]];
            unmatched += CountUnmatched(reference, detections[i]) + CountUnmatched(detections[i], reference);
            total += reference.Length + detections[i].Length;
        }

        // NMS at a threshold and the limit of 100 boxes leave a few that differ in rounding only.
        GoldenReport.Record("picodet.unmatched", model, (double)unmatched / total, 0.002);
        CocoMetrics metrics = CocoEvaluator.Evaluate(dataset, detections);
        GoldenReport.Record("picodet.ap", model, Math.Abs(metrics.AP - (ap / 100)), ApTolerance);
    }

    /// <summary>Counts detections without one of the same class, box and score on the other side.</summary>
    private static int CountUnmatched(Detection[] some, Detection[] others)
    {
        float lowest = others.Length >= 100 ? others.Min(found => found.Score) : 0.05f;
        return some.Count(found => found.Score > lowest + ScoreMargin && !others.Any(other =>
            other.Label == found.Label && Math.Abs(other.Score - found.Score) <= ScoreTolerance && Distance(other.Box, found.Box) <= BoxTolerance));
    }

    private static void Compare(string group, string id, StateTensor expected, Tensor actual)
    {
        float[] values = [.. actual.contiguous().data<float>()];
        ReadOnlySpan<float> reference = expected.Span<float>();
        Assert.Equal(reference.Length, values.Length);
        double worst = 0;
        for (int i = 0; i < values.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs((double)values[i] - reference[i]));
        }

        GoldenReport.Record(group, id, worst, RawTolerance);
    }

    private static double Distance(Box a, Box b) => Math.Max(
        Math.Max(Math.Abs(a.X1 - b.X1), Math.Abs(a.Y1 - b.Y1)), Math.Max(Math.Abs(a.X2 - b.X2), Math.Abs(a.Y2 - b.Y2)));

    private static Box Xywh(JsonElement box) => new(
        box[0].GetSingle(), box[1].GetSingle(), box[0].GetSingle() + box[2].GetSingle(), box[1].GetSingle() + box[3].GetSingle());
}
