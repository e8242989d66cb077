using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;
using FocalSharp.Torch.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Detectors;

public sealed class FoldedNormsTests : IDisposable
{
    private readonly DisposeScope _scope;
    private readonly GflDetector _model;
    private readonly Tensor _input;

    public FoldedNormsTests()
    {
        LibTorch.EnsureLoaded();
        _scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        using Generator generator = new(5);
        _model = new GflDetector(
            new DetectorOptions
            {
                Classes = ["a", "b"],
                Backbone = new ResNetOptions { Depth = 50, BaseChannels = 16, FrozenStages = -1, FrozenBatchNorm = false },
                Neck = new FpnOptions { Channels = 32, Levels = 4 },
                Head = new GflHeadOptions { Channels = 32, StackedConvs = 1, Norm = FocalSharp.Torch.Modeling.Layers.NormKind.Batch, Strides = [8, 16, 32, 64] },
            },
            seed: 3);
        foreach (BatchNorm2d norm in _model.modules().OfType<BatchNorm2d>())
        {
            norm.weight!.copy_(rand([norm.num_features], generator: generator) + 0.5);
            norm.bias!.copy_(randn([norm.num_features], generator: generator) * 0.1);
            norm.running_mean!.copy_(randn([norm.num_features], generator: generator) * 0.1);
            norm.running_var!.copy_(rand([norm.num_features], generator: generator) + 0.5);
        }

        _model.eval();
        _input = randn([2, 3, 96, 128], generator: generator);
    }

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Folded_norms_give_the_same_outputs_and_unfolding_the_same_bits()
    {
        Tensor[] plain = Outputs();
        Tensor[] folded;
        using (_model.FoldNorms())
        {
            using (_model.FoldNorms())
            {
            }

            folded = Outputs(); // the inner scope left the outer one's work alone
        }

        Tensor[] again = Outputs();

        Assert.All(plain.Zip(folded), pair => Assert.True(pair.First.allclose(pair.Second, rtol: 1e-3, atol: 1e-4)));
        Assert.Contains(plain.Zip(folded), pair => !pair.First.equal(pair.Second).all().item<bool>());
        Assert.All(plain.Zip(again), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
    }

    [Fact]
    public void Norms_in_training_mode_are_not_folded()
    {
        _model.train();
        using IDisposable folded = _model.FoldNorms();

        Assert.DoesNotContain(_model.modules().OfType<FocalSharp.Torch.Modeling.Layers.ConvLayer>(), conv => conv.IsFolded);
    }

    [Fact]
    public void In_bfloat16_the_outputs_are_near()
    {
        Tensor[] plain = Outputs();
        _model.Precision = Precision.BFloat16;
        using IDisposable folded = _model.FoldNorms();

        Assert.All(
            plain.Zip(Outputs()),
            pair => Assert.True((pair.First - pair.Second).abs().max().item<float>() < 0.05 * pair.First.abs().max().item<float>()));
    }

    private Tensor[] Outputs()
    {
        using IDisposable guard = no_grad();
        HeadOutput output = _model.call(_input);
        return [.. output.Scores, .. output.BoxDistributionLogits];
    }
}
