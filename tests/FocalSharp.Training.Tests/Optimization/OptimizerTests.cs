using FocalSharp.Torch.Native;
using FocalSharp.Training.Optimization;
using FocalSharp.Training.Recipes;
using static TorchSharp.torch;

namespace FocalSharp.Training.Tests.Optimization;

public sealed class OptimizerTests
{
    public OptimizerTests() => LibTorch.EnsureLoaded();

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.AdamW)]
    public void Moves_weights_as_libtorch_does(OptimizerKind kind)
    {
        OptimizerOptions options = new() { Kind = kind, WeightDecay = 0.05 };
        using nn.Module<Tensor, Tensor> ours = Net();
        using nn.Module<Tensor, Tensor> theirs = Net();
        using Optimizer optimizer = new(ours, options);
        using optim.Optimizer reference = kind == OptimizerKind.Sgd
            ? optim.SGD(theirs.parameters(), 0.01, momentum: 0.9, weight_decay: 0.05)
            : optim.AdamW(theirs.parameters(), 0.01, weight_decay: 0.05);

        for (int i = 0; i < 5; i++)
        {
            using Tensor input = arange(24, dtype: ScalarType.Float32).view(4, 6).mul(0.1f + i).sin();
            optimizer.ZeroGrad();
            ours.call(input).square().sum().backward();
            optimizer.Step(0.01);
            reference.zero_grad();
            theirs.call(input).square().sum().backward();
            reference.step();
        }

        foreach ((Tensor mine, Tensor expected) in ours.parameters().Zip(theirs.parameters()))
        {
            Assert.True(mine.allclose(expected, rtol: 1e-5, atol: 1e-7));
        }
    }

    [Fact]
    public void Clips_the_global_norm_as_libtorch_does()
    {
        using nn.Module<Tensor, Tensor> ours = Net();
        using Optimizer optimizer = new(ours, new OptimizerOptions { ClipNorm = 0.5 });
        ours.call(ones(4, 6)).square().sum().backward();
        double before = Math.Sqrt(ours.parameters().Sum(p => Math.Pow(p.grad!.norm().item<float>(), 2)));

        double reported = optimizer.ClipGradients();

        double after = Math.Sqrt(ours.parameters().Sum(p => Math.Pow(p.grad!.norm().item<float>(), 2)));
        Assert.True(before > 0.5);
        Assert.Equal(before, reported, before * 1e-5);
        Assert.Equal(0.5, after, 1e-5);
    }

    [Fact]
    public void Norms_and_biases_decay_only_if_the_options_say_so()
    {
        using nn.Module<Tensor, Tensor> net = Net();

        IReadOnlyList<ParameterGroup> groups = ParameterGroup.Create(net, new OptimizerOptions { DecayNorms = false, WeightDecay = 0.1 });

        Assert.All(groups.Where(group => group.WeightDecay == 0).SelectMany(group => group.Parameters), entry => Assert.Equal(1, entry.Tensor.dim()));
        Assert.All(groups.Where(group => group.WeightDecay > 0).SelectMany(group => group.Parameters), entry => Assert.Equal(2, entry.Tensor.dim()));
        Assert.Equal(4, groups.Sum(group => group.Parameters.Count));
    }

    [Fact]
    public void The_moving_average_follows_by_its_formula()
    {
        using nn.Module<Tensor, Tensor> source = Net();
        using nn.Module<Tensor, Tensor> average = Net();
        ExponentialMovingAverage ema = new(average, source, decay: 0.9, warmup: 2);
        double expected = source.parameters().First()[0, 0].item<float>();
        for (int step = 1; step <= 3; step++)
        {
            using (no_grad())
            {
                source.parameters().First().add_(1);
            }

            ema.Update();
            double decay = 0.9 * (1 - Math.Exp(-step / 2.0));
            expected = (decay * expected) + ((1 - decay) * source.parameters().First()[0, 0].item<float>());
        }

        Assert.Equal(expected, average.parameters().First()[0, 0].item<float>(), 1e-5);
    }

    private static nn.Module<Tensor, Tensor> Net()
    {
        TorchSharp.Modules.Sequential net = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 3));
        using (no_grad())
        {
            foreach (Tensor parameter in net.parameters())
            {
                using Tensor values = arange(parameter.numel(), dtype: ScalarType.Float32).mul(0.37f).sin().view(parameter.shape);
                parameter.copy_(values);
            }
        }

        return net;
    }
}
