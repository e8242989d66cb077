using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Modeling.Backbones;

public sealed class RepVggTests : IDisposable
{
    private readonly DisposeScope _scope;
    private readonly Generator _generator;

    public RepVggTests()
    {
        LibTorch.EnsureLoaded();
        _scope = NewDisposeScope();
        _generator = new(17);
    }

    public void Dispose()
    {
        _generator.Dispose();
        _scope.Dispose();
    }

    /// <summary>
    /// The published parameters of the deployed classifiers, in millions (arXiv 2101.03697, table 4, which cuts some to two digits), with a classifier of
    /// 1000 classes.
    /// </summary>
    [Theory]
    [InlineData("A0", 8.30)]
    [InlineData("A1", 12.78)]
    [InlineData("A2", 25.49)]
    [InlineData("B0", 14.33)]
    [InlineData("B1", 51.82)]
    [InlineData("B1g2", 41.36)]
    [InlineData("B1g4", 36.12)]
    [InlineData("B2", 80.31)]
    [InlineData("B2g2", 63.96)]
    [InlineData("B2g4", 55.77)]
    [InlineData("B3", 110.96)]
    [InlineData("B3g2", 87.41)]
    [InlineData("B3g4", 75.62)]
    public void The_deploy_form_has_as_many_parameters_as_published(string variant, double millions)
    {
        RepVggOptions options = new() { Variant = variant, LastChannels = 0, Deploy = true };
        int[] channels = [options.StemChannels, options.StemChannels, .. options.GetStageChannels()];
        long count = 0;
        int layer = 0;
        int input = 3;
        foreach ((int blocks, int output) in options.GetStageBlocks().Prepend(1).Zip(channels.Skip(1)))
        {
            for (int block = 0; block < blocks; block++, layer++)
            {
                count += ((long)input / options.GetGroups(layer) * output * 9) + output;
                input = output;
            }
        }

        Assert.Equal(millions, (count + (input * 1000) + 1000) / 1e6, 0.01);
    }

    [Fact]
    public void Returns_three_maps_at_strides_8_to_32()
    {
        using Backbone backbone = Create(new RepVggOptions());
        backbone.eval();

        IReadOnlyList<Tensor> maps = backbone.call(randn(2, 3, 64, 96));

        Assert.Equal([8, 16, 32], backbone.Strides);
        Assert.Equal([2, 96, 8, 12], maps[0].shape);
        Assert.Equal([2, 192, 4, 6], maps[1].shape);
        Assert.Equal([2, 512, 2, 3], maps[2].shape);
        using Backbone deployed = Create(new RepVggOptions { Deploy = true });
        Assert.Equal(5_700_512, deployed.parameters().Sum(parameter => parameter.numel()));
    }

    [Theory]
    [InlineData(6, 6, 1, 1)]
    [InlineData(6, 10, 1, 1)]
    [InlineData(6, 6, 2, 1)]
    [InlineData(3, 8, 2, 1)]
    [InlineData(8, 8, 1, 2)]
    [InlineData(8, 12, 2, 4)]
    public void One_convolution_is_the_three_branches_in_float64(int inChannels, int outChannels, int stride, int groups)
    {
        using RepVggBlock block = CreateBlock(inChannels, outChannels, stride, groups);
        block.to(float64);
        block.eval();
        Tensor input = randn([2, inChannels, 9, 7], float64, generator: _generator);

        Tensor branches = block.call(input);
        (Tensor weight, Tensor bias) = block.Reparameterize();
        Tensor fused = nn.functional.conv2d(input, weight, bias, [stride, stride], [1, 1], groups: groups).relu();

        Assert.Equal(float64, weight.dtype);
        Assert.Equal([outChannels, inChannels / groups, 3, 3], weight.shape);
        Assert.InRange((branches - fused).abs().max().item<double>(), 0, 1e-12);
        Assert.True(branches.max().item<double>() > 0.1);
    }

    [Fact]
    public void Folding_computes_one_convolution_and_unfolding_the_branches_again()
    {
        using RepVggBlock block = CreateBlock(16, 16, 1, 1);
        using ModuleGroup network = new(("block", block));
        Tensor input = randn([2, 16, 8, 8], generator: _generator);
        block.train();
        using (new FoldedNorms(network))
        {
            Assert.DoesNotContain(block.modules().OfType<ConvLayer>(), conv => conv.IsFolded);
        }

        block.eval();
        Tensor branches = block.call(input);
        Tensor folded;
        using (new FoldedNorms(network))
        using (new FoldedNorms(network)) // the inner scope leaves the outer one's work alone
        {
            Assert.Single(block.modules().OfType<ConvLayer>(), conv => conv.IsFolded);
            folded = block.call(input);
        }

        Assert.InRange((branches - folded).abs().max().item<float>(), 0, 1e-5);
        Assert.False(branches.equal(folded).all().item<bool>());
        Assert.True(branches.equal(block.call(input)).all().item<bool>());
    }

    [Fact]
    public void The_deploy_form_with_the_fused_weights_computes_the_same()
    {
        using RepVggBlock block = CreateBlock(16, 16, 1, 1);
        using RepVggBlock deployed = new(16, 16, 1, 1, deploy: true, _generator);
        block.eval();
        (Tensor weight, Tensor bias) = block.Reparameterize();
        Dictionary<string, Tensor> state = deployed.state_dict();
        Assert.Equal(["rbr_reparam.weight", "rbr_reparam.bias"], state.Keys);
        using IDisposable guard = no_grad();
        state["rbr_reparam.weight"].copy_(weight);
        state["rbr_reparam.bias"].copy_(bias);
        Tensor input = randn([2, 16, 8, 8], generator: _generator);

        Assert.InRange((block.call(input) - deployed.call(input)).abs().max().item<float>(), 0, 1e-5);
    }

    [Fact]
    public void Freezes_the_stages_asked_for()
    {
        using Backbone backbone = Create(new RepVggOptions { FrozenStages = 1 });

        Assert.All(
            backbone.named_parameters(),
            entry => Assert.Equal(
                !entry.name.StartsWith("stage0", StringComparison.Ordinal) && !entry.name.StartsWith("stage1", StringComparison.Ordinal), entry.parameter.requires_grad));
    }

    [Fact]
    public void Rejects_options_out_of_range()
    {
        Refused(new RepVggOptions { Variant = "C0" }, "A0, A1, A2, B0");
        Refused(new RepVggOptions { LastChannels = -1 }, "lastChannels");
        Refused(new RepVggOptions { Variant = "B1g4", LastChannels = 514 }, "multiple of the variant's groups");
        Refused(new RepVggOptions { FrozenStages = 5 }, "frozenStages");
    }

    private static void Refused(RepVggOptions options, string expected) =>
        Assert.Contains(expected, Assert.Throws<OptionException>(options.Validate).Message, StringComparison.Ordinal);

    /// <summary>A block whose norms are as after a training.</summary>
    private RepVggBlock CreateBlock(int inChannels, int outChannels, int stride, int groups)
    {
        RepVggBlock block = new(inChannels, outChannels, stride, groups, deploy: false, _generator);
        using IDisposable guard = no_grad();
        foreach (BatchNorm2d norm in block.modules().OfType<BatchNorm2d>())
        {
            norm.weight!.uniform_(0.5, 1.5, _generator);
            norm.bias!.normal_(0, 0.3, _generator);
            norm.running_mean!.normal_(0, 0.2, _generator);
            norm.running_var!.uniform_(0.5, 2, _generator);
        }

        return block;
    }

    private static Backbone Create(RepVggOptions options)
    {
        using Generator generator = new(0);
        return FocalSharp.Torch.Modeling.Backbones.Backbones.Create(options, generator);
    }
}
