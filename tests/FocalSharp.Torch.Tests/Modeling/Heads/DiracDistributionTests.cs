using FocalSharp.Assignment;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Modeling.Heads;

public sealed class DiracDistributionTests
{
    private static readonly GflHeadOptions Head = new() { BoxRepresentation = BoxRepresentation.Dirac, RegMax = 16, AnchorScale = 8, Channels = 16, StackedConvs = 1, NormGroups = 4, Strides = [8, 16, 32, 64] };

    [Theory]
    [InlineData(0, 4)] // the anchor's half side
    [InlineData(0.5, 6.594885)]
    [InlineData(-1.3, 1.090127)]
    [InlineData(9, 16)] // not beyond the last bin
    [InlineData(-20, 0)]
    public void The_expectation_is_the_anchors_half_side_times_e_to_the_x(double x, double distance)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = DiracDistribution.ToLogits(full([1, 4, 1, 1], x), Head);

        Tensor bins = arange(17, float32);
        Tensor expectation = (logits.view(4, 17).softmax(1) * bins).sum(1);

        Assert.Equal([1, 68, 1, 1], logits.shape);
        Assert.All(expectation.data<float>().ToArray(), value => Assert.Equal(distance, value, 1e-3));
    }

    [Fact]
    public void However_large_the_number_the_gradient_stays_finite()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new float[] { 1e4f, 200, -1e4f, -200 }, [1, 4, 1, 1], requires_grad: true);

        DiracDistribution.ToLogits(x, Head).sum().backward();

        Assert.All(x.grad!.data<float>().ToArray(), slope => Assert.True(float.IsFinite(slope)));
    }

    [Fact]
    public void The_expectations_slope_is_the_distance_itself()
    {
        // d = a·eˣ has the slope d; between two bins the expectation follows it one to one.
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new float[] { 0.11f, 0.53f, -0.7f, 1.2f }, [1, 4, 1, 1], requires_grad: true);
        Tensor expectation = (DiracDistribution.ToLogits(x, Head).view(4, 17).softmax(1) * arange(17, float32)).sum();

        expectation.backward();

        float[] slopes = x.grad!.data<float>().ToArray();
        foreach ((float slope, float at) in slopes.Zip(new[] { 0.11f, 0.53f, -0.7f, 1.2f }))
        {
            Assert.Equal(4 * Math.Exp(at), slope, 2e-3 * Math.Exp(at));
        }
    }

    [Fact]
    public void A_detector_with_one_number_a_side_learns_boxes_by_the_same_losses()
    {
        using DisposeScope scope = NewDisposeScope();
        DetectorOptions options = Options();
        using GflDetector detector = new(options, seed: 2);
        GflCriterion criterion = new(options.Head, options.Loss, 1);
        Tensor pictures = randint(0, 256, [1, 3, 64, 64], ScalarType.Byte);
        GroundTruth truth = new([8, 8, 56, 52], [0], 64, 64);
        using LossTerms loss = criterion.Compute(detector.call(detector.Preprocess(pictures)), [truth]);

        loss.Total().backward();

        Assert.Equal(4, detector.get_parameter("bbox_head.gfl_reg.weight")!.shape[0]);
        Assert.True(detector.get_parameter("bbox_head.gfl_reg.weight")!.grad!.abs().sum().item<float>() > 0);
        Assert.Equal(0, loss.Distribution.item<float>());
    }

    [Fact]
    public void A_stored_one_comes_back()
    {
        string folder = Directory.CreateTempSubdirectory("focalsharp-dirac-").FullName;
        try
        {
            string path = Path.Combine(folder, "dirac.safetensors");
            using GflDetector detector = new(Options() with { Head = Head with { RegMax = 9 } });
            DetectorCheckpoint.Save(path, detector);
            using GflDetector read = DetectorCheckpoint.Load(path);

            Assert.Equal((BoxRepresentation.Dirac, 9), (((GflHeadOptions)read.Options.Head).BoxRepresentation, read.Options.Head.RegMax));
            Assert.Equal(9, CheckpointInspector.InferOptions(FocalSharp.Checkpoints.SafetensorsFile.Read(path)).Head.RegMax); // by its bins' numbers
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_quality_predictor_has_nothing_to_read_of_it() => Assert.Contains(
        "qualityPredictor",
        Assert.ThrowsAny<FocalSharpException>(() => new GflDetector(Options() with { Head = Head with { QualityPredictor = new() } })).Message,
        StringComparison.Ordinal);

    private static DetectorOptions Options() => new()
    {
        Classes = ["a"],
        Backbone = new ResNetOptions { Depth = 18, BaseChannels = 8, FrozenStages = -1, FrozenBatchNorm = false },
        Neck = new FpnOptions { Channels = 16, Levels = 4 },
        Head = Head,
        Loss = new GflLossOptions { DistributionWeight = 0 },
    };
}
