using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Modeling.Backbones;

public sealed class ShuffleNetV2Tests : IDisposable
{
    private readonly DisposeScope _scope;

    public ShuffleNetV2Tests()
    {
        LibTorch.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    /// <summary>
    /// torchvision's published numbers of parameters, 1,366,792, 2,278,604, 3,503,624 and 7,393,996, less those of its last convolution with
    /// norm (1024 or 2048 channels) and its classifier.
    /// </summary>
    [Theory]
    [InlineData(0.5, 1_366_792 - (192 * 1024) - 2048 - 1_025_000)]
    [InlineData(1.0, 2_278_604 - (464 * 1024) - 2048 - 1_025_000)]
    [InlineData(1.5, 3_503_624 - (704 * 1024) - 2048 - 1_025_000)]
    [InlineData(2.0, 7_393_996 - (976 * 2048) - 4096 - 2_049_000)]
    public void Has_as_many_parameters_as_published(double width, long expected)
    {
        using Backbone backbone = Create(new ShuffleNetV2Options { Width = width });

        Assert.Equal(expected, backbone.parameters().Sum(parameter => parameter.numel()));
    }

    [Fact]
    public void Returns_three_maps_at_strides_8_to_32()
    {
        using Backbone backbone = Create(new ShuffleNetV2Options());
        backbone.eval();

        IReadOnlyList<Tensor> maps = backbone.call(randn(2, 3, 64, 96));

        Assert.Equal([8, 16, 32], backbone.Strides);
        Assert.Equal([2, 116, 8, 12], maps[0].shape);
        Assert.Equal([2, 232, 4, 6], maps[1].shape);
        Assert.Equal([2, 464, 2, 3], maps[2].shape);
    }

    [Fact]
    public void A_block_interleaves_the_channels_that_pass_with_those_of_its_branch()
    {
        using Generator generator = new(0);
        using ShuffleBlock block = new(8, 8, stride: 1, new ConvBlockOptions(NormKind.Batch, NegativeSlope: 0.1), generator);
        block.eval();
        Tensor input = randn(1, 8, 3, 3);

        Tensor output = block.call(input);

        for (int channel = 0; channel < 4; channel++)
        {
            Assert.True(output[0, 2 * channel].eq(input[0, channel]).all().item<bool>());
        }

        // With the branch's last norm at scale 0 and shift 1, its channels are 1.
        Dictionary<string, Tensor> state = block.state_dict();
        using (no_grad())
        {
            state["branch2.6.weight"].zero_();
            state["branch2.6.bias"].fill_(1);
        }

        output = block.call(input);
        for (int channel = 0; channel < 4; channel++)
        {
            Assert.True(output[0, (2 * channel) + 1].eq(1).all().item<bool>());
        }
    }

    [Fact]
    public void Freezes_the_stages_asked_for()
    {
        using Backbone backbone = Create(new ShuffleNetV2Options { FrozenStages = 1 });

        Assert.All(
            backbone.named_parameters(),
            entry => Assert.Equal(
                !entry.name.StartsWith("conv1", StringComparison.Ordinal) && !entry.name.StartsWith("stage2", StringComparison.Ordinal), entry.parameter.requires_grad));
    }

    [Fact]
    public void Rejects_widths_that_were_not_published()
    {
        OptionException error = Assert.Throws<OptionException>(() => new ShuffleNetV2Options { Width = 0.75 }.Validate());

        Assert.Contains("0.5, 1, 1.5, 2", error.Message, StringComparison.Ordinal);
    }

    private static Backbone Create(ShuffleNetV2Options options)
    {
        using Generator generator = new(0);
        return FocalSharp.Torch.Modeling.Backbones.Backbones.Create(options, generator);
    }
}
