using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Modeling.Backbones;

public sealed class GroupNormBackboneTests
{
    private static readonly ResNetOptions Thin = new() { Depth = 18, BaseChannels = 12, FrozenStages = -1, FrozenBatchNorm = false, Norm = NormKind.Group };

    [Fact]
    public void Every_norm_is_a_group_norm_by_mmdetections_names_and_starts_defined()
    {
        using GflDetector detector = new(new DetectorOptions { Classes = ["a"], Backbone = Thin });

        Assert.Empty(detector.modules().OfType<TorchSharp.Modules.BatchNorm2d>());
        Dictionary<string, Tensor> parameters = detector.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);
        Assert.Equal(1, parameters["backbone.gn1.weight"].max().item<float>());
        Assert.Equal(1, parameters["backbone.layer2.0.downsample.1.weight"].min().item<float>());
        Assert.Equal(0, parameters["backbone.layer4.1.gn2.weight"].abs().sum().item<float>()); // the block starts as the identity
        Assert.Equal(0, parameters["backbone.layer4.1.gn1.bias"].abs().sum().item<float>());
    }

    [Theory]
    [InlineData(12, 32, 12)]
    [InlineData(48, 32, 24)]
    [InlineData(64, 32, 32)]
    [InlineData(7, 4, 1)]
    public void Groups_are_as_many_as_divide_the_channels(int channels, int max, int groups)
    {
        var norm = (TorchSharp.Modules.GroupNorm)(Thin with { NormGroups = max }).CreateNorm(channels);

        Assert.Equal(groups, norm.num_groups);
    }

    [Fact]
    public void An_image_s_features_do_not_depend_on_its_neighbors_in_training()
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(3);
        Backbone backbone = Torch.Modeling.Backbones.Backbones.Create(Thin, generator);
        backbone.train();
        Tensor images = randn([2, 3, 64, 64], generator: generator);

        Tensor together = backbone.call(images)[3].narrow(0, 0, 1);
        Tensor alone = backbone.call(images.narrow(0, 0, 1))[3];

        Assert.True((together - alone).abs().max().item<float>() < 1e-4);
    }

    [Fact]
    public void A_stored_detector_comes_back_with_its_norms()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("focalsharp-gn-").FullName, "gn.safetensors");
        try
        {
            using GflDetector detector = new(new DetectorOptions { Classes = ["a"], Backbone = Thin });
            DetectorCheckpoint.Save(path, detector);
            using GflDetector read = DetectorCheckpoint.Load(path);

            Assert.Equal(NormKind.Group, ((ResNetOptions)read.Options.Backbone).Norm);
            Assert.Equal(NormKind.Group, ((ResNetOptions)CheckpointInspector.InferOptions(FocalSharp.Checkpoints.SafetensorsFile.Read(path)).Backbone).Norm);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    [Theory]
    [InlineData(NormKind.None, false, "batch or group")]
    [InlineData(NormKind.Group, true, "frozenBatchNorm: false")]
    public void Norms_that_do_not_go_together_are_refused(NormKind norm, bool frozen, string expectedText)
    {
        ResNetOptions options = Thin with { Norm = norm, FrozenBatchNorm = frozen };

        Assert.Contains(expectedText, Assert.Throws<OptionException>(() => new GflDetector(new DetectorOptions { Classes = ["a"], Backbone = options })).Message, StringComparison.Ordinal);
    }
}
