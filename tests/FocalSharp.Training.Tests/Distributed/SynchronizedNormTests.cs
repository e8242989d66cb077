using FocalSharp.Torch;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Tests.Distributed.Support;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Training.Tests.Distributed;

/// <summary>Batch norm over two ranks against libtorch's batch norm over the whole batch.</summary>
public sealed class SynchronizedNormTests
{
    public SynchronizedNormTests() => LibTorch.EnsureLoaded();

    [Fact]
    public void Output_gradients_and_running_statistics_are_those_of_the_whole_batch()
    {
        float[] values = [.. Enumerable.Range(0, 5 * 3 * 4 * 4).Select(i => (float)Math.Sin(i * 1.7) + (i % 3 * 10))];
        float[] upstream = [.. Enumerable.Range(0, values.Length).Select(i => (float)Math.Cos(i * 0.9))];
        Result whole = Compute(values, upstream, 5, null);

        // Parts of different size: 2 and 3 images.
        Result[] parts = InProcessRanks.Run(2, ranks => ranks.Rank == 0
            ? Compute(values[..96], upstream[..96], 2, ranks.AllReduceSum)
            : Compute(values[96..], upstream[96..], 3, ranks.AllReduceSum));

        AssertClose(whole.Output, [.. parts.SelectMany(part => part.Output)]);
        AssertClose(whole.Gradient, [.. parts.SelectMany(part => part.Gradient)]);
        AssertClose(whole.ByScale, [.. parts[0].ByScale.Zip(parts[1].ByScale, (one, other) => one + other)]);
        Assert.All(parts, part => AssertClose(whole.Running, part.Running));
    }

    private static Result Compute(float[] values, float[] upstream, int images, SumOverRanks? sum)
    {
        using DisposeScope scope = NewDisposeScope();
        using FinalizerPause pause = FinalizerPause.Begin();
        using BatchNorm2d norm = nn.BatchNorm2d(3);
        Tensor x = tensor(values, [images, 3, 4, 4]).requires_grad_(true);
        Tensor y = sum is null ? norm.call(x) : SynchronizedBatchNorm.Run(norm, x, sum);
        (y * tensor(upstream, [images, 3, 4, 4])).sum().backward();
        return new Result(Read(y.detach()), Read(x.grad!), Read(norm.weight!.grad!), [.. Read(norm.running_mean!), .. Read(norm.running_var!)]);
    }

    private static float[] Read(Tensor values) => NativeCopy.ToArray<float>(values);

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-5f * Math.Max(1, Math.Abs(pair.First))));
    }

    private sealed record Result(float[] Output, float[] Gradient, float[] ByScale, float[] Running);
}
