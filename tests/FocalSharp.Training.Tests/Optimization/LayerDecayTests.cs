using FocalSharp.Torch.Detectors;
using FocalSharp.Training.Optimization;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Tests.Optimization;

public sealed class LayerDecayTests
{
    [Theory]
    [InlineData("bbox_head.gfl_cls.weight", 0)]
    [InlineData("neck.lateral_convs.0.conv.weight", 0)]
    [InlineData("backbone.layer4.1.conv2.weight", 1)]
    [InlineData("backbone.layer1.0.bn1.bias", 4)]
    [InlineData("backbone.conv1.weight", 5)]
    [InlineData("backbone.bn1.weight", 5)]
    [InlineData("backbone.stages.3.in_conv.conv.weight", 1)]
    [InlineData("backbone.stages.0.res_blocks.0.conv1.conv.bias", 4)]
    [InlineData("backbone.stem.conv.weight", 5)]
    [InlineData("backbone.stem.0.weight", 5)]
    [InlineData("backbone.blocks.0.0._depthwise_conv.weight", 4)]
    [InlineData("backbone.blocks.2.1._bn1.weight", 3)]
    [InlineData("backbone.blocks.4.0._bn1.weight", 2)]
    [InlineData("backbone.blocks.6.0._project_conv.weight", 1)]
    [InlineData("backbone.blocks.12.weight", 5)]
    [InlineData("backbone.stage0.rbr_dense.0.weight", 5)]
    [InlineData("backbone.stage4.0.rbr_1x1.0.weight", 1)]
    public void Is_counted_from_the_head(string name, int depth) => Assert.Equal(depth, LayerDecay.GetLayerDepth(name));

    [Theory]
    [InlineData("gfl-lite")]
    [InlineData("nanodet-g")]
    [InlineData("nanodet-efficientnet-lite0-320")]
    [InlineData("nanodet-repvgg-a0-416")]
    public void Every_stage_of_a_recipes_net_learns_at_its_power_of_the_decay(string recipe)
    {
        using GflDetector detector = new(RecipeBook.Load(recipe).Model with { Classes = ["cat"] }, seed: 1);
        OptimizerOptions options = new() { LayerDecay = 0.5, BackboneFactor = 0.8 };

        double[] factors = [.. ParameterGroup.Create(detector, options).Select(group => group.LearningRateFactor).Distinct().OrderDescending()];

        Assert.Equal([1, 0.4, 0.2, 0.1, 0.05, 0.025], factors, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Without_decay_every_group_learns_at_the_full_rate()
    {
        using GflDetector detector = new(RecipeBook.Load("gfl-lite").Model with { Classes = ["cat"] }, seed: 1);

        Assert.All(ParameterGroup.Create(detector, new OptimizerOptions()), group => Assert.Equal(1, group.LearningRateFactor));
    }
}
