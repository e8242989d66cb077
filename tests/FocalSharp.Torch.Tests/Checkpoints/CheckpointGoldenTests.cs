using System.Text.Json;
using FocalSharp.Checkpoints;
using FocalSharp.Detections;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Checkpoints;

/// <summary>Checkpoints that the official code wrote, and what it computes from them.</summary>
[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class CheckpointGoldenTests
{
    [Fact]
    public void Every_format_gives_the_same_tensors_bit_for_bit()
    {
        JsonElement readme = Readme();
        Safetensors reference = Safetensors.Load(GoldenData.Require("checkpoint", "state_dict.safetensors"));
        foreach (string file in SameWeights(readme))
        {
            StateDict weights = WeightNames.Normalize(Checkpoint.Read(GoldenData.Require("checkpoint", file)).Weights);
            Assert.Equal(reference.Names.Order(), weights.Names.Order());
            double different = weights.Count(pair =>
                ElementTypes.NameOf(pair.Value.Type) != reference.Type(pair.Key)
                || !pair.Value.Shape.SequenceEqual(reference.Shape(pair.Key))
                || !pair.Value.ToDoubles().SequenceEqual(reference.Doubles(pair.Key)));
            GoldenReport.Record("checkpoint/tensors", file, different, 0);
        }
    }

    [Fact]
    public void An_imported_file_needs_no_recipe_and_computes_what_the_official_code_computes()
    {
        JsonElement readme = Readme();
        long[] shape = [.. readme.GetProperty("input_shape").EnumerateArray().Select(size => size.GetInt64())];
        float[] input = GoldenValueGenerator.Input(readme.GetProperty("salt").GetString()!, "input", shape.Aggregate(1L, (a, b) => a * b));
        Safetensors expected = Safetensors.Load(GoldenData.Require("checkpoint", "expected_outputs.safetensors"));
        foreach (string file in SameWeights(readme))
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable noGrad = no_grad();
            using ImportedDetector imported = CheckpointImporter.Import(GoldenData.Require("checkpoint", file));
            Assert.True(imported.Report.IsComplete, imported.Report.ToString());
            imported.Detector.eval();

            using HeadOutput output = imported.Detector.call(tensor(input).reshape(shape));

            for (int level = 0; level < output.Scores.Count; level++)
            {
                Compare(file, "cls_score", level, output.Scores[level], expected);
                Compare(file, "bbox_pred", level, output.BoxDistributionLogits[level], expected);
            }

            CompareDetections(file, imported.Detector, output, shape, expected);
        }
    }

    [Fact]
    public void A_torchvision_backbone_initializes_ours_and_its_classifier_is_listed()
    {
        foreach (string file in Directory.GetFiles(GoldenData.Require("checkpoint"), "torchvision_*.pth"))
        {
            Checkpoint source = Checkpoint.Read(file);
            Safetensors reference = Safetensors.Load(GoldenData.Require("checkpoint", "state_dict.safetensors"));
            DetectorOptions options = CheckpointInspector.InferOptions(
                SafetensorsFile.Read(GoldenData.Require("checkpoint", "state_dict.safetensors")));
            using GflDetector detector = new(options);

            ImportReport report = CheckpointImporter.Load(detector, source);

            Assert.Equal(
                reference.Names.Where(name => name.StartsWith("backbone.", StringComparison.Ordinal)).Order(),
                    report.Loaded.Order());
            Assert.Equal(source.Weights.Names.Where(name => name.StartsWith("fc.", StringComparison.Ordinal)), report.Unexpected);
            Assert.All(report.Missing, name => Assert.False(name.StartsWith("backbone.", StringComparison.Ordinal)));
            Assert.Empty(report.ReinitializedTensors);
            FocalSharpException error = Assert.ThrowsAny<FocalSharpException>(() => CheckpointImporter.Import(file));
            Assert.Contains("backbone without a GFL head", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Exported_names_shapes_and_types_are_those_of_the_official_state_dict()
    {
        string reference = GoldenData.Require("checkpoint", "state_dict.safetensors");
        string exported = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            using (ImportedDetector imported = CheckpointImporter.Import(reference))
            {
                DetectorCheckpoint.Export(exported, imported.Detector);
            }

            StateDict theirs = SafetensorsFile.Read(reference);
            StateDict ours = SafetensorsFile.Read(exported);
            Assert.Equal(theirs.Names.Order(), ours.Names.Order());
            double different = theirs.Count(pair =>
                pair.Value.Type != ours[pair.Key].Type
                || !pair.Value.Shape.SequenceEqual(ours[pair.Key].Shape)
                || !pair.Value.Data.Span.SequenceEqual(ours[pair.Key].Data.Span));
            GoldenReport.Record("checkpoint/export", "state_dict.safetensors", different, 0);
        }
        finally
        {
            File.Delete(exported);
        }
    }

    private static JsonElement Readme() =>
        JsonDocument.Parse(File.ReadAllBytes(GoldenData.Require("checkpoint", "README.json"))).RootElement;

    private static IEnumerable<string> SameWeights(JsonElement readme) =>
        readme.GetProperty("same_weights").RequireElements().EnumerateArray().Select(name => name.GetString()!);

    /// <summary>Deviations are relative to the largest magnitude of an output over all its levels.</summary>
    private static void Compare(string file, string output, int level, Tensor actual, Safetensors expected)
    {
        string name = $"{output}.{level}";
        Assert.Equal(expected.Shape(name), actual.shape);
        double largest = expected.Names
            .Where(other => other.StartsWith($"{output}.", StringComparison.Ordinal))
            .Max(other => expected.Floats(other).Max(value => Math.Abs((double)value)));
        double worst = expected.Floats(name).Zip(actual.contiguous().data<float>().ToArray(), (a, b) => Math.Abs((double)a - b))
            .Max();
        GoldenReport.Record(
            "checkpoint/outputs", $"{file}/{name}", double.IsNaN(worst) ? double.PositiveInfinity : worst / largest, 1e-4);
    }

    private static void CompareDetections(
        string file, GflDetector detector, HeadOutput output, long[] shape, Safetensors expected)
    {
        HeadDecoder predictor = new(detector.Options.Head, detector.Options.Classes.Count);
        Detection[] detections = predictor.Decode(output, [new ResizeTransform((int)shape[3], (int)shape[2])])[0];
        Assert.Equal(expected.Longs("det.labels"), detections.Select(detection => (long)detection.Label));
        float[] boxes = [.. detections.SelectMany(d => new[] { d.Box.X1, d.Box.Y1, d.Box.X2, d.Box.Y2 })];
        GoldenReport.Record("checkpoint/boxes", file, Largest(boxes, expected.Floats("det.bboxes")), 1e-2);
        GoldenReport.Record(
            "checkpoint/scores", file, Largest([.. detections.Select(d => d.Score)], expected.Floats("det.scores")), 1e-4);
    }

    private static double Largest(float[] actual, float[] expected) =>
        actual.Length == expected.Length
            ? actual.Zip(expected, (a, b) => Math.Abs((double)a - b)).DefaultIfEmpty().Max()
            : double.PositiveInfinity;
}
