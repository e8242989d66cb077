using System.Text.Json;
using FocalSharp.Detections;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Heads;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Detectors;

[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class GoldenEvalTests
{
    private const double Tolerance = 1e-4; // of the largest magnitude

    [Theory]
    [InlineData("model", "*")]
    [InlineData("dcn", "tiny*")]
    [InlineData("resnext", "tiny*")]
    public void State_dict_has_the_official_names_in_the_official_order_and_shapes(string folder, string models)
    {
        string[] paths = Directory.GetFiles(GoldenData.Require(folder), $"{models}_state_dict_names.json");
        Assert.NotEmpty(paths);
        foreach (string path in paths)
        {
            string name = Path.GetFileName(path).Replace("_state_dict_names.json", string.Empty, StringComparison.Ordinal);
            GoldenModel golden = GoldenModel.All($"{name}_eval.json", folder)[0];
            using GflDetector detector = new(golden.Options());
            string[] expected = [.. JsonDocument.Parse(File.ReadAllText(path)).RootElement.EnumerateArray()
                .Select(entry => $"{entry[0].GetString()} [{string.Join(", ", entry[1].EnumerateArray())}]")];
            string[] actual = [.. detector.state_dict().Select(entry => $"{entry.Key} [{string.Join(", ", entry.Value.shape)}]")];
            Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("dcn", "r*")]
    [InlineData("resnext", "x101*")]
    [Trait(TestCategories.Trait, TestCategories.Slow)]
    public void Large_models_have_the_official_names_features_and_outputs(string folder, string models)
    {
        State_dict_has_the_official_names_in_the_official_order_and_shapes(folder, models);
        Features_and_outputs_in_eval_mode_equal_the_official_ones(folder, models);
    }

    [Theory]
    [InlineData("model", "*")]
    [InlineData("dcn", "tiny*")]
    [InlineData("resnext", "tiny*")]
    public void Features_and_outputs_in_eval_mode_equal_the_official_ones(string folder, string models)
    {
        foreach (GoldenModel golden in GoldenModel.All($"{models}_eval.json", folder))
        {
            using TorchSharp.DisposeScope scope = NewDisposeScope();
            using IDisposable frozen = no_grad();
            using GflDetector detector = golden.Detector();
            detector.eval();
            Tensor input = golden.Input("input");
            IReadOnlyList<Tensor> stages = detector.Backbone.call(input);
            IReadOnlyList<Tensor> levels = detector.Neck.call(stages);
            HeadOutput output = detector.Head.call(levels);
            for (int i = 0; i < stages.Count; i++)
            {
                CompareProbe(golden, $"C{i + 2}", stages[i]);
            }

            for (int i = 0; i < levels.Count; i++)
            {
                CompareProbe(golden, $"P{i + 3}", levels[i]);
            }

            CompareOutputs(golden.Name, golden.Tensors!, output);
            CompareDetections(golden, detector, output, input);
        }
    }

    [Fact]
    public void Outputs_with_a_checkpoint_equal_the_official_ones()
    {
        string folder = GoldenData.Require("checkpoint");
        JsonElement readme = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "README.json"))).RootElement;
        Safetensors weights = Safetensors.Load(GoldenData.Require("checkpoint", "state_dict.safetensors"));
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        using GflDetector detector = new(GoldenModel.All("tiny_eval.json")[0].Options());
        detector.eval();
        foreach ((string name, Tensor entry) in detector.state_dict())
        {
            entry.copy_(tensor(weights.Floats(name)).reshape(entry.shape));
        }

        HeadOutput output = detector.call(
            GoldenModel.Input(readme.GetProperty("salt").GetString()!, "input", readme.GetProperty("input_shape")));
        CompareOutputs("checkpoint", Safetensors.Load(Path.Combine(folder, "expected_outputs.safetensors")), output);
    }

    private static void CompareProbe(GoldenModel golden, string name, Tensor actual)
    {
        float[] expected = golden.Tensors!.Floats($"{name}.probe");
        double? largest = golden.Json.TryGetProperty("stats", out JsonElement stats) ? stats.GetProperty(name).GetProperty("absmax").GetDouble() : null;
        GoldenReport.Record("model/eval", $"{golden.Name}.{name}", GoldenModel.RelativeToMax(
            GoldenModel.Probe(actual, expected.Length), expected, largest), Tolerance);
    }

    private static void CompareDetections(GoldenModel golden, GflDetector detector, HeadOutput output, Tensor input)
    {
        ResizeTransform frame = new((int)input.size(3), (int)input.size(2));
        Detection[] actual = new HeadDecoder(detector.Options.Head, detector.Options.Classes.Count).Decode(output, [frame])[0];
        float[] boxes = [.. actual.SelectMany(found => new[] { found.Box.X1, found.Box.Y1, found.Box.X2, found.Box.Y2 })];
        Assert.Equal(golden.Tensors!.Longs("det.labels"), actual.Select(found => (long)found.Label));
        GoldenReport.Record("model/detections", $"{golden.Name}.boxes", Largest(boxes, golden.Tensors.Floats("det.bboxes")), 1e-2);
        GoldenReport.Record("model/detections", $"{golden.Name}.scores", Largest(
            [.. actual.Select(found => found.Score)], golden.Tensors.Floats("det.scores")), 1e-4);

        static double Largest(float[] actual, float[] expected) => actual.Zip(expected, (a, e) => Math.Abs((double)a - e)).DefaultIfEmpty().Max();
    }

    private static void CompareOutputs(string name, Safetensors expected, HeadOutput output)
    {
        Assert.False(output.ScoresAreProbabilities);
        for (int level = 0; level < output.Scores.Count; level++)
        {
            Compare($"cls_score.{level}", output.Scores[level]);
            Compare($"bbox_pred.{level}", output.BoxDistributionLogits[level]);
        }

        void Compare(string key, Tensor actual)
        {
            if (!expected.Has(key))
            {
                float[] probe = expected.Floats($"{key}.probe");
                GoldenReport.Record("model/eval", $"{name}.{key}", GoldenModel.RelativeToMax(GoldenModel.Probe(actual, probe.Length), probe), Tolerance);
                return;
            }

            Assert.Equal(expected.Shape(key), actual.shape);
            GoldenReport.Record("model/eval", $"{name}.{key}", GoldenModel.RelativeToMax(
                GoldenModel.Flat(actual), expected.Floats(key)), Tolerance);
        }
    }
}
