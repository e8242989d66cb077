using System.Text.Json;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Models.Tests.Checkpoints;

/// <summary>The whole way from a picture and an official checkpoint to detections, against the official code's.</summary>
[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class ShapesDetectionsTests
{
    /// <summary>The set's own test pipeline (its README.json): Resize (160, 160) keeping the ratio, padding to 32.</summary>
    private const int Side = 160;
    private const int Multiple = 32;

    [Fact]
    public void An_official_checkpoint_finds_the_same_boxes_in_the_same_order()
    {
        string expectedPath = GoldenData.Require("checkpoint", "shapes_val_detections.json");
        string truthPath = GoldenData.Require("shapes", "instances_val.json");
        using JsonDocument truth = JsonDocument.Parse(File.ReadAllBytes(truthPath));
        int[] categories = [
            .. truth.RootElement.GetProperty("categories").EnumerateArray()
                .Select(category => category.GetProperty("id").GetInt32())];
        ILookup<int, JsonElement> expected = JsonDocument.Parse(File.ReadAllBytes(expectedPath)).RootElement
            .EnumerateArray().ToLookup(detection => detection.GetProperty("image_id").GetInt32());
        using ImportedDetector imported = CheckpointImporter.Import(GoldenData.Require("checkpoint", "state_dict.safetensors"));
        imported.Detector.eval();
        List<CocoResult> results = [];
        double boxes = 0;
        double scores = 0;
        int images = 0;
        foreach (JsonElement image in truth.RootElement.GetProperty("images").RequireElements().EnumerateArray())
        {
            int id = image.GetProperty("id").GetInt32();
            Detection[] found = Detect(
                imported.Detector, GoldenData.Require("shapes", "val", image.GetProperty("file_name").GetString()!));
            JsonElement[] wanted = [.. expected[id]];
            Assert.Equal(
                wanted.Select(detection => detection.GetProperty("category_id").GetInt32()),
                    found.Select(detection => categories[detection.Label]));
            foreach ((JsonElement other, Detection ours) in wanted.Zip(found))
            {
                double[] xywh = [.. other.GetProperty("bbox").EnumerateArray().Select(value => value.GetDouble())];
                float[] box = [ours.Box.X1, ours.Box.Y1, ours.Box.X2 - ours.Box.X1, ours.Box.Y2 - ours.Box.Y1];
                boxes = Math.Max(boxes, xywh.Zip(box, (a, b) => Math.Abs(a - b)).Max());
                scores = Math.Max(scores, Math.Abs(other.GetProperty("score").GetDouble() - ours.Score));
                results.Add(new CocoResult(id, categories[ours.Label], new CocoBox(box[0], box[1], box[2], box[3]), ours.Score));
            }

            images++;
        }

        Assert.True(images > 0);
        GoldenReport.Record("checkpoint/shapes_val", "boxes", boxes, 1e-2);
        GoldenReport.Record("checkpoint/shapes_val", "scores", scores, 1e-4);

        using JsonDocument readme = JsonDocument.Parse(File.ReadAllBytes(GoldenData.Require("checkpoint", "README.json")));
        double[] official = [
            .. readme.RootElement.GetProperty("coco_stats12").EnumerateArray().Select(value => value.GetDouble())];
        CocoMetrics metrics = CocoEvaluator.Evaluate(CocoGroundTruth.Read(truthPath), new CocoResults("detections", results));
        double[] ours12 = [.. metrics.Summary.Select(metric => metric.Value)];
        Assert.Equal(official.Length, ours12.Length);
        GoldenReport.Record("checkpoint/shapes_val", "coco_stats12", official.Zip(ours12, (a, b) => Math.Abs(a - b)).Max(), 1e-4);
    }

    private static Detection[] Detect(GflDetector detector, string path)
    {
        RgbImage picture = ImageDecoder.Decode(path);
        ImageSize size = KeepRatio.GetSize(picture.Width, picture.Height, (Side, Side));
        RgbImage resized = BilinearResizer.Resize(picture, size.Width, size.Height);
        (int width, int height) = (RoundUp(size.Width), RoundUp(size.Height));
        byte[] planes = new byte[3 * width * height];
        ChwPacking.Write(resized, planes, width, height);
        ResizeTransform frame = new(size.Width, size.Height, (float)size.Width / picture.Width, (float)size.Height / picture.Height);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGrad = no_grad();
        Tensor input = tensor(planes, dtype: uint8).reshape(1, 3, height, width);
        using HeadOutput output = detector.call(detector.Preprocess(input, [frame]));
        return new HeadDecoder(detector.Options.Head, detector.Options.Classes.Count).Decode(output, [frame])[0];
    }

    private static int RoundUp(int size) => (size + Multiple - 1) / Multiple * Multiple;
}
