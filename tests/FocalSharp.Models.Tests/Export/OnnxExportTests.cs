using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Models.Export;
using FocalSharp.Synthetic;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Verification;

namespace FocalSharp.Models.Tests.Export;

public sealed class OnnxExportTests
{
    [Theory]
    [InlineData(ModelVariant.Detections, false)]
    [InlineData(ModelVariant.Detections, true)]
    [InlineData(ModelVariant.Candidates, false)]
    [InlineData(ModelVariant.Raw, false)]
    public void Writes_a_file_that_agrees_with_the_model_at_three_sizes_and_batches(ModelVariant variant, bool half)
    {
        using TemporaryFolder folder = new();
        using TorchDetector model = Model(folder);
        string target = Path.Combine(folder.Path, "out", "model.onnx");
        OnnxVerificationReport report = OnnxExport.Write(model, new() { Output = target, Variant = variant, Half = half });
        Assert.Empty(report.Mismatches);
        Assert.Equal(2 * 3 * (1 + 2 + 3), report.ImageCount);
        Assert.True(report.ComparedCount > 300, $"{report.ComparedCount} compared");
        Assert.True(report.Tolerated < report.ComparedCount / 10, $"{report.Tolerated} excused, {report.ComparedCount} compared");
        Assert.Equal([target], Directory.GetFiles(Path.GetDirectoryName(target)!));
    }

    [Fact]
    public void A_file_that_disagrees_is_not_kept_and_what_was_there_stays()
    {
        using TemporaryFolder folder = new();
        using TorchDetector model = Model(folder);
        string target = Path.Combine(folder.Path, "out", "model.onnx");
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.WriteAllText(target, "what was there");
        ModelException error = Assert.Throws<ModelException>(() =>
            OnnxExport.Write(model, new() { Output = target }, new OnnxTolerance(Box: 0, Score: 0), null, TestContext.Current.CancellationToken));
        Assert.Contains("unchanged", error.Message, StringComparison.Ordinal);
        Assert.Equal("what was there", File.ReadAllText(target));
        Assert.Equal([target], Directory.GetFiles(Path.GetDirectoryName(target)!));
    }

    [Fact]
    public void A_cancelled_export_leaves_nothing()
    {
        using TemporaryFolder folder = new();
        using TorchDetector model = Model(folder);
        string target = Path.Combine(folder.Path, "model.onnx");
        Assert.Throws<OperationCanceledException>(() => OnnxExport.Write(model, new() { Output = target }, null, new CancellationToken(canceled: true)));
        Assert.DoesNotContain(Directory.GetFiles(folder.Path), path => path.Contains("onnx", StringComparison.Ordinal));
    }

    [Fact]
    public void The_file_contains_its_resize_rule_run_and_license()
    {
        using TemporaryFolder folder = new();
        using TorchDetector model = Model(folder);
        OnnxExportOptions options = OnnxExport.CreateOptions(model, new() { Output = "model.onnx", License = "MIT" });
        Assert.Equal("tiny", options.Model);
        Assert.Equal("MIT", options.License);
        Assert.Equal(ResizeRuleSerializer.ToMetadata(model.Model.Resize), options.Resize);
        Assert.Equal(64, options.Divisor);
        Assert.Contains("\"epoch\":\"7\"", options.Run, StringComparison.Ordinal);
        Assert.DoesNotContain("resize", options.Run, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, options.Run, StringComparison.Ordinal);
    }

    [Fact]
    public void Eight_bits_are_calibrated_on_training_images_and_evaluated_on_others()
    {
        using TemporaryFolder folder = new();
        using TorchDetector model = Model(folder);
        DetectionDataset data = DemoDataset.Create(
            folder.In("demo"), new() { TrainImages = 6, ValImages = 4, Scenes = new() { ImageSize = 96 } }, cancellationToken: TestContext.Current.CancellationToken);
        Int8Export export = new(model, data);
        Assert.Equal(6 + 4, export.TotalImages);
        string target = folder.In("model.int8.onnx");
        Int8Report report = export.Write(new() { Output = target }, CalibrationMethod.MeanSquaredError, null, TestContext.Current.CancellationToken);
        Assert.Equal((6, 4), (report.CalibrationImageCount, report.EvaluationImageCount));
        Assert.True(report.Int8.Bytes < report.Float32.Bytes * 0.5);
        Assert.True(report.Int8.Milliseconds > 0 && report.Float32.Milliseconds > 0);
        Assert.Equal(report.Int8.Bytes, new FileInfo(target).Length);
    }

    [Fact]
    public void Data_without_the_models_classes_calibrate_nothing()
    {
        using TemporaryFolder folder = new();
        using TorchDetector model = Model(folder);
        DetectionDataset data = DemoDataset.Create(
            folder.In("demo"), new() { TrainImages = 1, ValImages = 1, Scenes = new() { ImageSize = 64 } }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Throws<DatasetException>(() => new Int8Export(model, data with { Classes = [.. data.Classes.Select(name => $"no {name}")] }));
        Assert.Throws<DatasetException>(() => new Int8Export(model, data with { Images = [] }));
    }

    /// <summary>A randomly initialized detector whose heads are wide awake, so that its scores differ.</summary>
    private static TorchDetector Model(TemporaryFolder folder)
    {
        string path = Path.Combine(folder.Path, "tiny.safetensors");
        DetectorOptions options = new()
        {
            Classes = ["cup", "key"],
            Backbone = new ResNetOptions { BaseChannels = 16, Depth = 18, FrozenStages = -1, FrozenBatchNorm = false },
            Neck = new FpnOptions { Channels = 16 },
            Head = new GflHeadOptions { Channels = 16, StackedConvs = 1, NormGroups = 4, PriorProbability = 0.3 },
        };
        using (GflDetector detector = new(options, seed: 3))
        using (TorchSharp.torch.no_grad())
        {
            foreach ((string name, TorchSharp.torch.Tensor tensor) in detector.state_dict())
            {
                if (name.StartsWith("bbox_head.gfl_", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal))
                {
                    tensor.mul_(20);
                }
            }

            DetectorCheckpoint.Save(path, detector, new Dictionary<string, string>(
                ResizeRuleSerializer.ToMetadata(new ResizeRule { LongSide = 128, ShortSide = 128, Divisor = 64 }))
            { ["epoch"] = "7" });
        }

        return TorchDetector.Load(path);
    }
}
