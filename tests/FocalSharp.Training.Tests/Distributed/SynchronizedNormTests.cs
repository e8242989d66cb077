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

    // 67 x 67 values are more than a block of the sums, and no multiple of a vector.
    [Theory]
    [InlineData(4, ScalarType.Float32, 2e-5)]
    [InlineData(67, ScalarType.Float32, 2e-5)]
    [InlineData(4, ScalarType.BFloat16, 2e-2)]
    public void Output_gradients_and_running_statistics_are_those_of_the_whole_batch(int side, ScalarType type, double tolerance)
    {
        int image = 3 * side * side;
        float[] values = [.. Enumerable.Range(0, 5 * image).Select(i => (float)Math.Sin(i * 1.7) + (i / (side * side) % 3 * 10))];
        float[] upstream = [.. Enumerable.Range(0, values.Length).Select(i => (float)Math.Cos(i * 0.9))];
        Result whole = Compute(values, upstream, side, type, null);

        // Parts of different size: 2 and 3 images.
        Result[] parts = InProcessRanks.Run(2, ranks => ranks.Rank == 0
            ? Compute(values[..(2 * image)], upstream[..(2 * image)], side, type, ranks.AllReduceSum)
            : Compute(values[(2 * image)..], upstream[(2 * image)..], side, type, ranks.AllReduceSum));

        AssertClose(whole.Output, [.. parts.SelectMany(part => part.Output)], tolerance);
        AssertClose(whole.Gradient, [.. parts.SelectMany(part => part.Gradient)], tolerance);
        AssertClose(whole.ByScale, [.. parts[0].ByScale.Zip(parts[1].ByScale, (one, other) => one + other)], tolerance);
        Assert.All(parts, part => AssertClose(whole.Running, part.Running, tolerance));
    }

    private static Result Compute(float[] values, float[] upstream, int side, ScalarType type, SumOverRanks? sum)
    {
        using DisposeScope scope = NewDisposeScope();
        using FinalizerPause pause = FinalizerPause.Begin();
        using BatchNorm2d norm = nn.BatchNorm2d(3, dtype: sum is null ? float64 : float32); // libtorch's own sums in float32 are off by 4e-5
        Tensor rounded = tensor(values, [values.Length / (3 * side * side), 3, side, side]).to(type);
        Tensor x = (sum is null ? rounded.to(float64) : rounded).requires_grad_(true);
        Tensor y = sum is null ? norm.call(x) : SynchronizedBatchNorm.Run(norm, x, sum);
        (y * tensor(upstream, x.shape)).sum().backward();
        return new Result(Read(y.detach()), Read(x.grad!), Read(norm.weight!.grad!), [.. Read(norm.running_mean!), .. Read(norm.running_var!)]);
    }

    private static float[] Read(Tensor values) => NativeCopy.ToArray<float>(values.to(float32));

    private static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance * Math.Max(1, Math.Abs(pair.First))));
    }

    private sealed record Result(float[] Output, float[] Gradient, float[] ByScale, float[] Running);
}
