using FocalSharp.Assignment;
using FocalSharp.Detections;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Necks;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Detectors;

public sealed class FusedTrainingTests
{
    /// <summary>What bfloat16 costs in the gradients must not grow by fusing: both ways are as far from float32.</summary>
    [Theory]
    [InlineData(NormKind.Batch)]
    [InlineData(NormKind.Group)]
    public void Gradients_are_as_near_to_float32_as_without_fusing(NormKind norm)
    {
        LibTorch.EnsureLoaded();
        Assert.SkipUnless(ChannelsLast.IsSupported(ScalarType.BFloat16), "This machine has no AVX-512 with bfloat16.");
        using DisposeScope scope = NewDisposeScope();

        float[] exact = Gradients(Precision.Float32, fuses: false, norm);
        double plain = Distance(exact, Gradients(Precision.BFloat16, fuses: false, norm));
        double fused = Distance(exact, Gradients(Precision.BFloat16, fuses: true, norm));

        Assert.True(plain > 0 && fused > 0);
        Assert.True(fused < (1.25 * plain) + 0.01, $"fused deviates by {fused:G3}, unfused by {plain:G3} of the gradient's length");
    }

    /// <summary>Depthwise convolutions, LeakyReLU, and channels that are not multiples of 16: 58, 116 and 232; or 24 and 40 with shortcuts.</summary>
    [Theory]
    [InlineData("NanoDet-Plus-m")]
    [InlineData("NanoDet-EfficientNet-Lite0")]
    [InlineData("NanoDet-RepVGG-A0")]
    public void Gradients_of_a_light_network_are_as_near_to_float32_as_without_fusing(string name)
    {
        LibTorch.EnsureLoaded();
        Assert.SkipUnless(ChannelsLast.IsSupported(ScalarType.BFloat16), "This machine has no AVX-512 with bfloat16.");
        using DisposeScope scope = NewDisposeScope();
        DetectorOptions options = name == "NanoDet-Plus-m"
            ? NanoDetPlus.Create(1, 96, ["a", "b", "c"])
            : NanoDetVariants.All.Single(variant => variant.Name == name).ToOptions(["a", "b", "c"]);

        float[] exact = Gradients(Precision.Float32, fuses: false, options);
        double plain = Distance(exact, Gradients(Precision.BFloat16, fuses: false, options));
        float[] fused = Gradients(Precision.BFloat16, fuses: true, options);

        Assert.True(plain > 0);
        Assert.True(Distance(exact, fused) < (1.25 * plain) + 0.01, $"fused deviates by {Distance(exact, fused):G3}, unfused by {plain:G3} of the gradient's length");
        Assert.Equal(fused, Gradients(Precision.BFloat16, fuses: true, options));
    }

    /// <summary>Networks with depthwise convolutions, of 3x3 and 5x5 kernels, train fused in float32, too.</summary>
    [Theory]
    [InlineData("NanoDet-Plus-m")]
    [InlineData("PicoDet-XS (2022)")]
    public void Float32_gradients_of_a_light_network_are_those_without_fusing(string name)
    {
        LibTorch.EnsureLoaded();
        Assert.SkipUnless(ChannelsLast.IsSupported(ScalarType.Float32), "This machine has no AVX2, or hides its caches.");
        using DisposeScope scope = NewDisposeScope();
        DetectorOptions options = name == "NanoDet-Plus-m"
            ? NanoDetPlus.Create(1, 96, ["a", "b", "c"])
            : PicoDet.Variants.Single(variant => variant.Name == name).ToOptions(["a", "b", "c"]);

        float[] plain = Gradients(Precision.Float32, fuses: false, options);
        float[] fused = Gradients(Precision.Float32, fuses: true, options);

        // One value of an activation whose sign rounding turns changes the gradients before it by half a percent, as it does here in NanoDet-Plus.
        Assert.NotEqual(plain, fused);
        Assert.True(Distance(plain, fused) < 0.02, $"fused deviates by {Distance(plain, fused):G3} of the gradient's length");
        Assert.Equal(fused, Gradients(Precision.Float32, fuses: true, options));
    }

    [Theory]
    [InlineData("NanoDet-Plus-m", false)]
    [InlineData("NanoDet-Plus-m", true)]
    [InlineData("gfl", true)]
    public void Float32_outputs_in_evaluation_are_those_without_fusing(string name, bool folds)
    {
        LibTorch.EnsureLoaded();
        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        using GflDetector model = new(
            name == "gfl" ? new DetectorOptions { Classes = ["a"], Backbone = new ResNetOptions { Depth = 18 } } : NanoDetPlus.Create(1, 96, ["a", "b", "c"]), seed: 4);
        model.eval();
        using IDisposable? folded = folds ? model.FoldNorms() : null;
        using Generator generator = new(5);
        Tensor input = model.Preprocess(randint(0, 256, [2, 3, 96, 160], ScalarType.Byte, generator: generator));

        using HeadOutput fused = model.call(input);
        model.UseFusedKernels = false;
        using HeadOutput plain = model.call(input);

        foreach ((Tensor expected, Tensor actual) in plain.Tensors.Zip(fused.Tensors))
        {
            Assert.Equal(expected.shape, actual.shape);
            double scale = Math.Max(1, expected.abs().max().item<float>());
            Assert.True((expected - actual).abs().max().item<float>() < 1e-4 * scale);
        }
    }

    [Fact]
    public void The_same_step_gives_the_same_bits()
    {
        LibTorch.EnsureLoaded();
        using DisposeScope scope = NewDisposeScope();

        Assert.Equal(Gradients(Precision.BFloat16, fuses: true), Gradients(Precision.BFloat16, fuses: true));
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float32)]
    public void Bytes_are_normalized_as_tensors_are(ScalarType type)
    {
        LibTorch.EnsureLoaded();
        using DisposeScope scope = NewDisposeScope();
        using GflDetector model = new(new DetectorOptions { Classes = ["a"], Backbone = new ResNetOptions { Depth = 18 } });
        byte[] pixels = new byte[2 * 3 * 32 * 64];
        new Random(1).NextBytes(pixels);
        ResizeTransform[] frames = [new ResizeTransform(64, 32), new ResizeTransform(50, 20)];

        Tensor actual = PixelNormalizer.Normalize(type, pixels, 32, 64, frames, model.Options.Mean, model.Options.Std);
        Tensor expected = model.Preprocess(tensor(pixels, [2, 3, 32, 64], ScalarType.Byte), frames).to(type);

        Assert.Equal(type, actual.dtype);
        Assert.True(actual.equal(expected).all().item<bool>());
    }

    private static float[] Gradients(Precision precision, bool fuses, NormKind kind = NormKind.Batch) => Gradients(precision, fuses, new DetectorOptions()
    {
        Classes = ["a", "b", "c"],
        Backbone = new ResNetOptions { Depth = 18, BaseChannels = 16, FrozenStages = -1, FrozenBatchNorm = false, Norm = kind, NormGroups = 8 },
        Neck = new FpnOptions { Channels = 32, Levels = 4 },
        Head = new GflHeadOptions { Channels = 32, StackedConvs = 2, NormGroups = 8, Strides = [8, 16, 32, 64] },
    });

    private static float[] Gradients(Precision precision, bool fuses, DetectorOptions options)
    {
        using FinalizerPause pause = FinalizerPause.Begin(); // as a training step holds it; other tests collect beside this one
        using GflDetector model = new(options, seed: 3) { Precision = precision, UseFusedKernels = fuses };
        foreach (Tensor weight in model.named_parameters().Where(entry => entry.name.Contains("bn", StringComparison.Ordinal) || entry.name.Contains("gn", StringComparison.Ordinal))
            .Where(entry => entry.name.EndsWith("weight", StringComparison.Ordinal)).Select(entry => entry.parameter))
        {
            using IDisposable guard = no_grad();
            weight.fill_(1); // a block's last starts at 0 and would hide the rest of it
        }

        using Generator generator = new(5);
        Tensor pictures = randint(0, 256, [2, 3, 128, 160], ScalarType.Byte, generator: generator);
        GflCriterion criterion = new(options.Head, new GflLossOptions(), 3);
        using HeadOutput output = model.call(model.Preprocess(pictures));
        GroundTruth truth = new([10, 12, 70, 90, 80, 30, 150, 120], [0, 2], 160, 128);
        using LossTerms loss = criterion.Compute(output, [truth, truth]);
        loss.Total().backward();
        return [.. model.parameters().Where(parameter => parameter.grad is not null).SelectMany(parameter => parameter.grad!.contiguous().data<float>().ToArray())];
    }

    private static double Distance(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double difference = expected.Zip(actual, (e, a) => Math.Pow(e - a, 2)).Sum();
        return Math.Sqrt(difference / expected.Sum(e => (double)e * e));
    }
}
