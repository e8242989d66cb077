using FocalSharp.Checkpoints;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using FocalSharp.Torch.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Checkpoints;

public sealed class NanoDetNamesTests : IDisposable
{
    private readonly DisposeScope _scope;
    private readonly Generator _generator;

    public NanoDetNamesTests()
    {
        LibTorch.EnsureLoaded();
        _scope = NewDisposeScope();
        _generator = new(11);
    }

    public void Dispose()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData("NanoDet-EfficientNet-Lite0", "", 80)]
    [InlineData("NanoDet-EfficientNet-Lite0", "avg_model.", 3)]
    [InlineData("NanoDet-EfficientNet-Lite1", "model.", 80)]
    [InlineData("NanoDet-EfficientNet-Lite2", "module.", 7)]
    [InlineData("NanoDet-RepVGG-A0", "", 80)]
    [InlineData("NanoDet-RepVGG-A0", "model.", 5)]
    public void An_official_state_dict_is_recognized_loads_completely_and_computes_the_same(string name, string prefix, int classes)
    {
        OfficialNanoDet official = Create(name, classes);
        StateDict weights = official.ToStateDict(prefix);

        DetectorOptions options = CheckpointInspector.InferOptions(weights);
        using GflDetector detector = new(options);
        ImportReport report = CheckpointImporter.Load(detector, weights);

        Assert.True(report.IsComplete, report.ToString());
        NanoDetVariant variant = NanoDetVariants.All.Single(one => one.Name == name);
        DetectorOptions published = variant.ToOptions(options.Classes);
        Assert.Equal(classes, options.Classes.Count);
        Assert.Equal((published.Backbone, published.Neck), (options.Backbone, options.Neck));
        Assert.Equal(published.Mean, options.Mean);
        Assert.Equal(published.Std, options.Std);
        GflHeadOptions head = Assert.IsType<GflHeadOptions>(options.Head);
        Assert.Equal(variant.Head, head with { Strides = variant.Head.Strides, NormGroups = variant.Head.NormGroups });
        Assert.Equal(published.Head.Strides, options.Head.Strides);
        AssertEqualOutputs(official, detector);
    }

    [Fact]
    public void Weights_of_the_deploy_form_load_completely_compute_the_same_and_can_be_trained()
    {
        OfficialNanoDet official = OfficialNanoDet.CreateRepVgg(_generator, deploy: true, classes: 4);
        StateDict weights = official.ToStateDict();

        DetectorOptions options = CheckpointInspector.InferOptions(weights);
        using GflDetector detector = new(options);
        ImportReport report = CheckpointImporter.Load(detector, weights);

        Assert.True(report.IsComplete, report.ToString());
        Assert.True(Assert.IsType<RepVggOptions>(options.Backbone).Deploy);
        AssertEqualOutputs(official, detector);
        detector.to(float32);
        detector.train();
        using HeadOutput output = detector.call(randn([2, 3, 64, 64], generator: _generator));
        output.Scores.Concat(output.BoxDistributionLogits).Select(map => map.square().mean()).Aggregate((a, b) => a + b).backward();
        Assert.All(detector.named_parameters(), entry => Assert.True(entry.parameter.grad is { } gradient && gradient.abs().sum().item<float>() > 0, entry.name));
    }

    [Theory]
    [InlineData(true, "cannot be recovered")]
    [InlineData(false, "Set model.backbone.deploy to false")]
    public void Weights_of_RepVGGs_other_form_are_refused(bool fileDeploys, string expected)
    {
        StateDict weights = OfficialNanoDet.CreateRepVgg(_generator, fileDeploys, classes: 2).ToStateDict();
        DetectorOptions options = CheckpointInspector.InferOptions(weights);
        using GflDetector detector = new(options with { Backbone = (RepVggOptions)options.Backbone with { Deploy = !fileDeploys } });

        ModelException error = Assert.Throws<ModelException>(() => CheckpointImporter.Load(detector, weights));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_model_of_each_variant_loads_again()
    {
        string folder = Directory.CreateTempSubdirectory("nanodet").FullName;
        try
        {
            foreach (BackboneOptions backbone in new BackboneOptions[] { new EfficientNetLiteOptions { Variant = 1 }, new RepVggOptions(), new RepVggOptions { Variant = "B1g4", LastChannels = 0, Deploy = true } })
            {
                DetectorOptions options = NanoDetVariants.All[0].ToOptions(["a", "b"]) with { Backbone = backbone };
                using GflDetector detector = new(options, seed: 2);
                string file = Path.Combine(folder, "model.safetensors");
                DetectorCheckpoint.Save(file, detector);

                using GflDetector loaded = DetectorCheckpoint.Load(file);

                Assert.Equal(backbone, loaded.Options.Backbone);
                Dictionary<string, Tensor> expected = detector.state_dict();
                Assert.All(loaded.state_dict(), entry => Assert.True(entry.Value.equal(expected[entry.Key]).all().item<bool>(), entry.Key));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>ImageNet weights: without a prefix, and for RepVGG under the names of its authors.</summary>
    [Fact]
    public void Weights_of_a_backbone_alone_load_into_it()
    {
        StateDict lite = OfficialNanoDet.CreateLite(_generator, [16, 24, 40, 80, 112, 192, 320], [1, 2, 2, 3, 3, 4, 1], 96, 2, 7, 3).ToStateDict();
        StateDict repVgg = OfficialNanoDet.CreateRepVgg(_generator, deploy: false, 3).ToStateDict();
        StateDict[] files =
        [
            Backbone(lite, name => name),
            Backbone(repVgg, name => name
                .Replace("rbr_dense.0", "rbr_dense.conv", StringComparison.Ordinal).Replace("rbr_dense.1", "rbr_dense.bn", StringComparison.Ordinal)
                .Replace("rbr_1x1.0", "rbr_1x1.conv", StringComparison.Ordinal).Replace("rbr_1x1.1", "rbr_1x1.bn", StringComparison.Ordinal)),
        ];
        foreach ((StateDict file, NanoDetVariant variant) in files.Zip([NanoDetVariants.All[0], NanoDetVariants.All[3]]))
        {
            using GflDetector detector = new(variant.ToOptions(["a"]));
            ImportReport report = CheckpointImporter.Load(detector, file);

            Assert.True(CheckpointInspector.IsBackbone(file));
            Assert.Empty(report.Unexpected);
            Assert.Empty(report.ReinitializedTensors);
            Assert.All(report.Missing, name => Assert.False(name.StartsWith("backbone.", StringComparison.Ordinal), name));
        }

        static StateDict Backbone(StateDict weights, Func<string, string> rename) => new(weights
            .Where(pair => pair.Key.StartsWith("backbone.", StringComparison.Ordinal))
            .Select(pair => KeyValuePair.Create(rename(pair.Key["backbone.".Length..]), pair.Value)));
    }

    [Fact]
    public void An_unknown_variant_is_rejected()
    {
        StateDict weights = OfficialNanoDet.CreateLite(_generator, [16, 24, 40, 80, 112, 192, 320], [1, 1, 1, 1, 1, 1, 1], 96, 2, 7, 3).ToStateDict();

        ModelException error = Assert.Throws<ModelException>(() => CheckpointInspector.InferOptions(weights));

        Assert.Contains("EfficientNet-Lite has other numbers of blocks", error.Message, StringComparison.Ordinal);
    }

    private OfficialNanoDet Create(string name, int classes) => name switch
    {
        "NanoDet-EfficientNet-Lite0" => OfficialNanoDet.CreateLite(_generator, [16, 24, 40, 80, 112, 192, 320], [1, 2, 2, 3, 3, 4, 1], 96, 2, 7, classes),
        "NanoDet-EfficientNet-Lite1" => OfficialNanoDet.CreateLite(_generator, [16, 24, 40, 80, 112, 192, 320], [1, 3, 3, 4, 4, 5, 1], 128, 3, 10, classes),
        "NanoDet-EfficientNet-Lite2" => OfficialNanoDet.CreateLite(_generator, [16, 24, 48, 88, 120, 208, 352], [1, 3, 3, 4, 4, 5, 1], 128, 4, 10, classes),
        _ => OfficialNanoDet.CreateRepVgg(_generator, deploy: false, classes),
    };

    private void AssertEqualOutputs(OfficialNanoDet official, GflDetector detector)
    {
        using IDisposable guard = no_grad();
        detector.to(float64); // so that the epsilon of the norms shows
        detector.eval();
        Tensor bgr = randn([1, 3, 64, 96], float64, generator: _generator);
        Tensor[] expected = official.Forward(bgr);
        foreach (bool folds in new[] { false, true })
        {
            using IDisposable? folded = folds ? detector.FoldNorms() : null;
            using HeadOutput actual = detector.call(bgr.flip(1));
            for (int level = 0; level < expected.Length; level++)
            {
                Tensor joined = cat([actual.Scores[level], actual.BoxDistributionLogits[level]], 1);
                Assert.Equal(expected[level].shape, joined.shape);
                double scale = expected[level].abs().max().item<double>();
                Assert.InRange((expected[level] - joined).abs().max().item<double>(), 0, 1e-6 * scale);
                Assert.True(scale > 0.1);
            }
        }
    }
}
