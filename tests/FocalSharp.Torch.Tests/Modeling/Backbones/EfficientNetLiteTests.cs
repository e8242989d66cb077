using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Modeling.Backbones;

public sealed class EfficientNetLiteTests : IDisposable
{
    private readonly DisposeScope _scope;

    public EfficientNetLiteTests()
    {
        LibTorch.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    /// <summary>
    /// The published parameters of the classifiers, in millions, less those of the last convolution with norm (1280 channels) and of the
    /// classifier with 1000 classes.
    /// </summary>
    [Theory]
    [InlineData(0, 4.65, 320)]
    [InlineData(1, 5.42, 320)]
    [InlineData(2, 6.09, 352)]
    [InlineData(3, 8.20, 384)]
    [InlineData(4, 13.01, 448)]
    public void Has_as_many_parameters_as_published(int variant, double millions, int lastChannels)
    {
        using Backbone backbone = Create(new EfficientNetLiteOptions { Variant = variant });

        long count = backbone.parameters().Sum(parameter => parameter.numel());
        Assert.Equal(lastChannels, backbone.OutChannels[^1]);
        Assert.Equal(millions, (count + (lastChannels * 1280) + 2560 + 1_281_000) / 1e6, 0.006);
    }

    [Theory]
    [InlineData(0, new[] { 40, 112, 320 }, new[] { 1, 2, 2, 3, 3, 4, 1 })]
    [InlineData(1, new[] { 40, 112, 320 }, new[] { 1, 3, 3, 4, 4, 5, 1 })]
    [InlineData(2, new[] { 48, 120, 352 }, new[] { 1, 3, 3, 4, 4, 5, 1 })]
    public void Returns_the_published_maps_at_strides_8_to_32(int variant, int[] channels, int[] blocks)
    {
        EfficientNetLiteOptions options = new() { Variant = variant };
        using Backbone backbone = Create(options);
        backbone.eval();

        IReadOnlyList<Tensor> maps = backbone.call(randn(2, 3, 64, 96));

        Assert.Equal([8, 16, 32], backbone.Strides);
        Assert.Equal(blocks, options.GetStageBlocks());
        Assert.Equal([2, channels[0], 8, 12], maps[0].shape);
        Assert.Equal([2, channels[1], 4, 6], maps[1].shape);
        Assert.Equal([2, channels[2], 2, 3], maps[2].shape);
    }

    [Fact]
    public void Norms_have_TensorFlows_epsilon_and_momentum()
    {
        using Backbone backbone = Create(new EfficientNetLiteOptions());

        Assert.All(backbone.modules().OfType<BatchNorm2d>(), norm => Assert.Equal((1e-3, 0.01), (norm.eps, norm.momentum)));
    }

    [Fact]
    public void A_residual_chain_whose_last_norm_is_zero_is_the_identity()
    {
        using ConvChain chain = CreateChain(dropRate: 0);
        Tensor input = randn(2, 8, 4, 4);

        Assert.True(chain.call(input).equal(input).all().item<bool>());
    }

    [Fact]
    public void Drop_connect_leaves_out_whole_images_in_training_only_and_repeatably()
    {
        const double Rate = 0.4;
        using ConvChain chain = CreateChain(Rate);
        using (no_grad())
        {
            chain.state_dict()["norm.bias"].fill_(3); // the branch is 3 everywhere
        }

        Tensor input = zeros(400, 8, 2, 2);
        Tensor first = chain.call(input);
        chain.state_dict()["norm.num_batches_tracked"].zero_();
        Tensor again = chain.call(input);
        Tensor next = chain.call(input);
        chain.eval();

        Tensor images = first.flatten(1);
        Assert.True(images.amax([1]).equal(images.amin([1])).all().item<bool>());
        float[] kept = [.. images.select(1, 0).data<float>()];
        Assert.All(kept, value => Assert.True(value == 0 || Math.Abs(value - (3 / (1 - Rate))) < 1e-5));
        Assert.InRange(kept.Count(value => value == 0) / 400.0, Rate - 0.1, Rate + 0.1);
        Assert.True(first.equal(again).all().item<bool>());
        Assert.False(first.equal(next).all().item<bool>());
        Assert.True(chain.call(input).eq(3).all().item<bool>());
    }

    [Fact]
    public void Drop_rates_grow_with_the_block_where_there_is_a_shortcut()
    {
        using Backbone backbone = Create(new EfficientNetLiteOptions());

        ConvChain[] chains = [.. backbone.modules().OfType<ConvChain>().Where(chain => chain.IsResidual)];
        Assert.Equal([2, 4, 6, 7, 9, 10, 12, 13, 14], chains.Select(chain => (int)Math.Round(chain.DropRate * 7 / 0.2)));
    }

    [Fact]
    public void Freezes_the_stages_asked_for()
    {
        using Backbone backbone = Create(new EfficientNetLiteOptions { FrozenStages = 2 });

        Assert.All(
            backbone.named_parameters(),
            entry => Assert.Equal(
                !entry.name.StartsWith("stem", StringComparison.Ordinal) && !entry.name.StartsWith("blocks.0.", StringComparison.Ordinal)
                    && !entry.name.StartsWith("blocks.1.", StringComparison.Ordinal),
                entry.parameter.requires_grad));
    }

    [Fact]
    public void Rejects_options_out_of_range()
    {
        Refused(new EfficientNetLiteOptions { Variant = 5 }, "0 to 4");
        Refused(new EfficientNetLiteOptions { DropConnect = 0.25 }, "dropConnect");
        Refused(new EfficientNetLiteOptions { Norm = NormKind.Group }, "none or batch");
        Refused(new EfficientNetLiteOptions { FrozenStages = 8 }, "-1 (none) to 7");
    }

    private static void Refused(EfficientNetLiteOptions options, string expected) =>
        Assert.Contains(expected, Assert.Throws<OptionException>(options.Validate).Message, StringComparison.Ordinal);

    /// <summary>A chain of one convolution whose norm multiplies by 0.</summary>
    private static ConvChain CreateChain(double dropRate)
    {
        using Generator generator = new(0);
        ConvChain chain = new(new ConvBlockOptions(NormKind.Batch), generator, new ConvLink("conv", "norm", 8, 8, Activate: false)) { IsResidual = true, DropRate = dropRate };
        using IDisposable guard = no_grad();
        chain.state_dict()["norm.weight"].zero_();
        return chain;
    }

    private static Backbone Create(EfficientNetLiteOptions options)
    {
        using Generator generator = new(0);
        return FocalSharp.Torch.Modeling.Backbones.Backbones.Create(options, generator);
    }
}
