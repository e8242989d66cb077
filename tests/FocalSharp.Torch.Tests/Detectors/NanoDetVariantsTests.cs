using FocalSharp.Datasets;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Detectors;

public sealed class NanoDetVariantsTests
{
    /// <summary>
    /// Parameters in millions and operations in billions for COCO's 80 classes, as published in the official README. Its parameters include the side
    /// convolutions of the head that a shared tower does not use. Its operations are twice the sum of the multiply-adds, two per normalized value
    /// and one per activated value (without the norms of a RepVGG's branches).
    /// </summary>
    [Theory]
    [InlineData("NanoDet-EfficientNet-Lite0", 3.11, 1.72)]
    [InlineData("NanoDet-EfficientNet-Lite1", 4.01, 4.06)]
    [InlineData("NanoDet-EfficientNet-Lite2", 4.71, 7.12)]
    [InlineData("NanoDet-RepVGG-A0", 6.75, 11.3)]
    public void Every_variant_has_the_published_parameters_and_operations(string name, double millions, double operations)
    {
        NanoDetVariant variant = Find(name);
        using GflDetector detector = new(Deployed(variant).ToOptions(CocoClasses.Names));

        NetworkCost cost = NetworkCost.Compute(detector, variant.Size, variant.Size);

        long unused = 3L * 4 * (variant.Head.RegMax + 1) * (variant.Head.Channels + 1);
        Assert.Equal(millions, (cost.Parameters + unused) / 1e6, 0.006);
        (long values, long activated) = CountNorms(detector, variant.Size);
        double counted = 2 * (cost.MultiplyAdds + (2 * values) + activated) / 1e9;
        Assert.InRange(counted, operations * 0.995, operations * 1.005);
    }

    [Fact]
    public void The_branches_of_a_RepVGG_cost_what_its_one_convolution_does()
    {
        NanoDetVariant variant = Find("NanoDet-RepVGG-A0");
        using GflDetector deployed = new(Deployed(variant).ToOptions(["a"]));
        using GflDetector trained = new(variant.ToOptions(["a"]));

        Assert.Equal(NetworkCost.Compute(deployed, 64, 64).MultiplyAdds, NetworkCost.Compute(trained, 64, 64).MultiplyAdds);
    }

    [Theory]
    [InlineData("NanoDet-EfficientNet-Lite0")]
    [InlineData("NanoDet-RepVGG-A0")]
    public void Every_parameter_gets_a_gradient_and_levels_have_the_right_sizes(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        NanoDetVariant variant = Find(name);
        variant = variant.Backbone is EfficientNetLiteOptions lite ? variant with { Backbone = lite with { DropConnect = 0 } } : variant;
        using GflDetector detector = new(variant.ToOptions(["a", "b"]));
        detector.train();
        using Generator generator = new(3);
        using HeadOutput output = detector.call(randn([2, 3, 96, 160], generator: generator));
        Assert.Equal([(12L, 20L), (6, 10), (3, 5)], output.Scores.Select(map => (map.size(2), map.size(3))));
        Assert.All(output.BoxDistributionLogits, map => Assert.Equal(4 * (variant.Head.RegMax + 1), map.size(1)));

        Tensor sum = zeros(1);
        foreach (Tensor map in output.Scores.Concat(output.BoxDistributionLogits))
        {
            sum = sum + (map * randn(map.shape, generator: generator)).sum();
        }

        sum.backward();

        Assert.Empty(detector.named_parameters()
            .Where(entry => entry.parameter.grad is not { } gradient || gradient.abs().sum().item<float>() == 0)
            .Select(entry => entry.name));
    }

    [Fact]
    public void A_head_with_two_activations_is_refused()
    {
        GflHeadOptions head = NanoDetVariants.Head with { Relu6 = true };
        head.Validate();
        Assert.Throws<OptionException>((head with { HardSwish = true }).Validate);
        Assert.Throws<OptionException>((head with { NegativeSlope = 0.1 }).Validate);
    }

    /// <summary>Counts the outputs of norms for one image, and those of them that an activation follows.</summary>
    private static (long Values, long Activated) CountNorms(GflDetector detector, int size)
    {
        (long values, long activated) = (0, 0);
        foreach ((string name, nn.Module module) in detector.named_modules())
        {
            if (module is TorchSharp.Modules.BatchNorm2d norm)
            {
                norm.register_forward_hook((_, _, output) =>
                {
                    values += output.numel();
                    activated += name.EndsWith("_bn2", StringComparison.Ordinal) ? 0 : output.numel();
                    return output;
                });
            }
        }

        detector.eval();
        using IDisposable guard = no_grad();
        using Tensor image = zeros(1, 3, size, size);
        using HeadOutput output = detector.call(image);
        return (values, activated);
    }

    private static NanoDetVariant Deployed(NanoDetVariant variant) =>
        variant.Backbone is RepVggOptions repVgg ? variant with { Backbone = repVgg with { Deploy = true } } : variant;

    private static NanoDetVariant Find(string name) => NanoDetVariants.All.Single(variant => variant.Name == name);
}
