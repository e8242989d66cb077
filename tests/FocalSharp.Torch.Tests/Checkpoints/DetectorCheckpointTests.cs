using FocalSharp.Assignment;
using FocalSharp.Checkpoints;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Heads;

namespace FocalSharp.Torch.Tests.Checkpoints;

public sealed class DetectorCheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detector").FullName;

    private string File => Path.Combine(_folder, "model.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_detector_comes_back_with_its_options_weights_and_facts()
    {
        DetectorOptions options = CheckpointImporterTests.Options(["größer", "b\"c"]);
        options = options with
        {
            Head = ((GflHeadOptions)options.Head) with { CenterOffset = 0.5, QualityPredictor = new QualityPredictorOptions { TopK = 3 } },
            Loss = options.Loss with { Classification = new QualityFocalLossOptions { Beta = 1.5 }, Box = new IouLossOptions("ciou"), Assigner = new DynamicSoftLabelOptions() },
            Mean = [1, 2, 3],
        };
        using GflDetector detector = new(options, seed: 3);
        DetectorCheckpoint.Save(File, detector, new Dictionary<string, string> { ["epoch"] = "12", ["AP"] = "0.41" });

        using GflDetector loaded = DetectorCheckpoint.Load(File);

        Assert.Equal(options.Classes, loaded.Options.Classes);
        Assert.Equal(options.Backbone, loaded.Options.Backbone);
        Assert.Equal(options.Neck, loaded.Options.Neck);
        Assert.Equal(options.Head with { Strides = [] }, loaded.Options.Head with { Strides = [] });
        Assert.Equal(options.Head.Strides, loaded.Options.Head.Strides);
        Assert.Equal(options.Loss, loaded.Options.Loss);
        Assert.Equal(options.Mean, loaded.Options.Mean);
        Assert.Equal(options.Postprocess, DetectorCheckpoint.ReadOptions(File).Postprocess);
        Assert.Equal(new Dictionary<string, string> { ["epoch"] = "12", ["AP"] = "0.41" }, DetectorCheckpoint.ReadMetadata(File));
        StateDict before = TensorConversion.ToState(detector);
        StateDict after = TensorConversion.ToState(loaded);
        Assert.Equal(before.Names, after.Names);
        Assert.All(before, pair => Assert.Equal(pair.Value.Data.ToArray(), after[pair.Key].Data.ToArray()));
    }

    // An own training loop states no resize rule: the file states the size of its inputs, and a copy of the file too.
    [Fact]
    public void The_training_size_is_saved_unless_a_rule_is_given()
    {
        using GflDetector detector = new(CheckpointImporterTests.Options(["cat"]), seed: 3);
        using (TorchSharp.torch.NewDisposeScope())
        {
            detector.forward(TorchSharp.torch.zeros(1, 3, 96, 160));
            detector.forward(TorchSharp.torch.zeros(1, 3, 128, 64));
            detector.eval();
            detector.forward(TorchSharp.torch.zeros(1, 3, 320, 320));
        }

        Dictionary<string, string> expected = new() { ["resize_mode"] = "keep_ratio", ["resize_long_side"] = "160", ["resize_short_side"] = "96" };
        DetectorCheckpoint.Save(File, detector);
        Assert.Equal(expected, DetectorCheckpoint.ReadMetadata(File));

        using GflDetector loaded = DetectorCheckpoint.Load(File);
        DetectorCheckpoint.Save(File, loaded);
        Assert.Equal(expected, DetectorCheckpoint.ReadMetadata(File));

        Dictionary<string, string> rule = new() { ["resize_mode"] = "stretch", ["resize_long_side"] = "64", ["resize_short_side"] = "64" };
        DetectorCheckpoint.Save(File, detector, rule);
        Assert.Equal(rule, DetectorCheckpoint.ReadMetadata(File));
    }

    [Fact]
    public void Our_file_can_be_imported_like_any_other()
    {
        using GflDetector detector = new(CheckpointImporterTests.Options(["cat", "dog"]), seed: 3);
        DetectorCheckpoint.Save(File, detector);

        using ImportedDetector imported = CheckpointImporter.Import(File);

        Assert.True(imported.Report.IsComplete);
        Assert.Equal(["cat", "dog"], imported.Detector.Options.Classes);
    }

    [Fact]
    public void An_export_carries_the_class_names_but_nothing_else_of_ours()
    {
        using GflDetector detector = new(CheckpointImporterTests.Options(["cat", "dog"]), seed: 3);

        DetectorCheckpoint.Export(File, detector);

        Assert.Equal(["classes", "format"], SafetensorsFile.ReadMetadata(File).Keys.Order());
        Assert.Equal(["cat", "dog"], Checkpoint.Read(File).Classes);
        Assert.Contains(
            "import its weights", Assert.Throws<ModelException>(() => DetectorCheckpoint.Load(File)).Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"format\":2", "\"format\":3", "newer")]
    [InlineData("\"format\":2", "\"format\":\"x\"", "cannot be read")]
    [InlineData("\"depth\":18", "\"depth\":152", "do not fit")]
    [InlineData("\"baseChannels\":8", "\"baseChannels\":1024", "do not fit")]
    [InlineData("\"regMax\":4", "\"regMax\":200", "do not fit")]
    [InlineData("\"levels\":5", "\"levels\":6", "do not fit")]
    [InlineData("\"classes\":[\"a\",\"b\"]", "\"classes\":[\"a\",\"b\",\"c\"]", "do not fit")]
    [InlineData("\"classes\":[\"a\",\"b\"]", "\"classes\":null", "cannot be read")]
    [InlineData("\"kind\":\"resnet\"", "\"kind\":\"resnext\"", "Did you mean 'resnet'?")]
    [InlineData("\"kind\":\"resnet\",", "", "cannot be read")]
    [InlineData("\"stackedConvs\":1", "\"stackedConvz\":1", "cannot be read")]
    [InlineData("{", "[", "cannot be read")]
    public void An_edited_header_is_refused_before_a_network_is_made(string from, string to, string reason)
    {
        using GflDetector detector = new(CheckpointImporterTests.Options(["a", "b"]));
        DetectorCheckpoint.Save(File, detector);
        StateDict state = SafetensorsFile.Read(File);
        string header = state.Metadata["focalsharp"];
        Assert.Contains(from, header, StringComparison.Ordinal);
        SafetensorsFile.Write(
            File, state, new Dictionary<string,
                string>(state.Metadata)
            { ["focalsharp"] = header.Replace(from, to, StringComparison.Ordinal) });

        ModelException error = Assert.Throws<ModelException>(() => DetectorCheckpoint.Load(File).Dispose());

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_one_of_its_tensors_is_refused()
    {
        using GflDetector detector = new(CheckpointImporterTests.Options(["a", "b"]));
        DetectorCheckpoint.Save(File, detector);
        StateDict state = SafetensorsFile.Read(File);
        SafetensorsFile.Write(File, state.Where(pair => pair.Key != "bbox_head.scales.0.scale"), state.Metadata);

        Assert.Contains(
            "bbox_head.scales.0.scale", Assert.Throws<ModelException>(() => DetectorCheckpoint.Load(File)).Message,
                StringComparison.Ordinal);
    }
}
