using System.Text.Json;
using FocalSharp.Assignment;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Torch.Tests.Checkpoints;

/// <summary>Headers as FocalSharp 0.1.0 wrote them.</summary>
public sealed class DetectorHeaderTests
{
    private const string ResNetHeader = """
        {"format":1,"library":"0.1.0","options":{"classes":["a","b"],"backbone":{"csp":null,"depth":18,"baseChannels":8,"frozenStages":-1,"norm":"group","normGroups":4,"frozenBatchNorm":false},"neck":{"kind":"fpn","channels":8,"startLevel":1,"levels":5},"head":{"channels":8,"stackedConvs":1,"kernel":3,"outputKernel":3,"towers":"separate","ownLevels":false,"depthwise":false,"norm":"group","negativeSlope":0,"normGroups":8,"sides":"dirac","regMax":9,"strides":[8,16,32,64,128],"anchorScale":8,"centerOffset":0.5,"priorProbability":0.01,"qualityPredictor":null},"loss":{"assigner":"dynamicSoftLabel","assignerTopK":9,"classification":"focal","focalAlpha":0.3,"focalGamma":1.5,"doubtScore":0.6,"beta":2,"qualityWeight":0.5,"distributionWeight":0,"boxWeight":3},"postprocess":{"scoreThreshold":0.1,"maxPerLevel":500,"nmsThreshold":0.5,"maxDetections":50},"mean":[1,2,3],"std":[4,5,6]}}
        """;

    private const string NanoDetHeader = """
        {"format":1,"library":"0.1.0","options":{"classes":["person"],"backbone":{"csp":{"blocks":[1,2,2,3],"norm":"none","negativeSlope":0.1},"depth":50,"baseChannels":32,"frozenStages":-1,"norm":"batch","normGroups":32,"frozenBatchNorm":false},"neck":{"kind":"pan","channels":128,"startLevel":1,"levels":3},"head":{"channels":128,"stackedConvs":1,"kernel":3,"outputKernel":1,"towers":"shared","ownLevels":true,"depthwise":false,"norm":"none","negativeSlope":0.1,"normGroups":32,"sides":"general","regMax":10,"strides":[8,16,32],"anchorScale":5,"centerOffset":0.5,"priorProbability":0.01,"qualityPredictor":null},"loss":{"assigner":"atss","assignerTopK":11,"classification":"quality","focalAlpha":0.25,"focalGamma":2,"doubtScore":0,"beta":1.5,"qualityWeight":1,"distributionWeight":0.25,"boxWeight":2},"postprocess":{"scoreThreshold":0.05,"maxPerLevel":1000,"nmsThreshold":0.6,"maxDetections":100},"mean":[123.675,116.28,103.53],"std":[58.395,57.12,57.375]}}
        """;

    [Fact]
    public void A_ResNet_detector_of_0_1_is_read()
    {
        DetectorOptions options = DetectorHeader.Parse(ResNetHeader).Options;

        Assert.Equal(["a", "b"], options.Classes);
        Assert.Equal(
            new ResNetOptions { Depth = 18, BaseChannels = 8, FrozenStages = -1, Norm = NormKind.Group, NormGroups = 4, FrozenBatchNorm = false }, options.Backbone);
        Assert.Equal(new FpnOptions { Channels = 8 }, options.Neck);
        GflHeadOptions head = Assert.IsType<GflHeadOptions>(options.Head);
        Assert.Equal((8, 1, BoxRepresentation.Dirac, 9, 0.5), (head.Channels, head.StackedConvs, head.BoxRepresentation, head.RegMax, head.CenterOffset));
        Assert.Equal(
            new GflLossOptions
            {
                Assigner = new DynamicSoftLabelOptions(),
                Classification = new FocalLossOptions { Alpha = 0.3, Gamma = 1.5 },
                IgnoreNegativesAbove = 0.6,
                ClassificationWeight = 0.5,
                DistributionWeight = 0,
                BoxWeight = 3,
            },
            options.Loss);
        Assert.Equal((0.1, 500, 0.5, 50), (options.Postprocess.ScoreThreshold, options.Postprocess.MaxPerLevel, options.Postprocess.NmsThreshold, options.Postprocess.MaxDetections));
        Assert.Equal([1f, 2f, 3f], options.Mean);
    }

    [Fact]
    public void A_NanoDet_detector_of_0_1_is_read_as_it_is_published()
    {
        DetectorOptions options = DetectorHeader.Parse(NanoDetHeader).Options;

        CspNetOptions backbone = Assert.IsType<CspNetOptions>(options.Backbone);
        Assert.Equal(NanoDetG.Backbone with { Blocks = [] }, backbone with { Blocks = [] });
        Assert.Equal(NanoDetG.Backbone.Blocks, backbone.Blocks);
        Assert.Equal(NanoDetG.Options.Neck, options.Neck);
        Assert.Equal(NanoDetG.Head with { Strides = [] }, ((GflHeadOptions)options.Head) with { Strides = [] });
        Assert.Equal(NanoDetG.Head.Strides, options.Head.Strides);
        Assert.Equal(
            new GflLossOptions { Assigner = new AtssOptions { TopK = 11 }, Classification = new QualityFocalLossOptions { Beta = 1.5 } }, options.Loss);
    }

    [Theory]
    [InlineData("""{"format":2,"library":"0.2.0","library":"0.2.0"}""")]
    [InlineData("""{"format":1,"library":"0.1.0","options":{"classes":["a"],"classes":["b"]}}""")]
    public void A_header_with_a_repeated_key_is_damaged(string json) => Assert.ThrowsAny<JsonException>(() => DetectorHeader.Parse(json));

    [Fact]
    public void A_current_header_survives_a_round_trip()
    {
        DetectorHeader header = new()
        {
            Format = DetectorHeader.CurrentFormat,
            Library = "0.2.0",
            Options = NanoDetG.Options with { Loss = new GflLossOptions { Classification = new VarifocalLossOptions { Alpha = 0.5 }, Box = new IouLossOptions("diou") } },
        };

        DetectorHeader read = DetectorHeader.Parse(header.ToJson());

        Assert.Equal(header.ToJson(), read.ToJson());
        Assert.Equal(header.Options.Loss, read.Options.Loss);
    }
}
