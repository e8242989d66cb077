using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>Compares two implementations of a loss and its gradient: checks that they agree, then measures both.</summary>
internal static class Losses
{
    private const double Tolerance = 1e-5;

    public static BenchmarkRow Compare(string name, Tensor input, Func<Tensor> ours, Func<Tensor> reference, double? minSpeedup, double? maxMemoryFraction = null) =>
        Compare(name, [input], ours, reference, minSpeedup, maxMemoryFraction);

    public static BenchmarkRow Compare(
        string name, Tensor[] inputs, Func<Tensor> ours, Func<Tensor> reference, double? minSpeedup, double? maxMemoryFraction = null, string note = "")
    {
        double deviation = Deviation(Gradients(ours), Gradients(reference));
        return BenchmarkComparison.Row(name, () => Run(ours), () => Run(reference), minSpeedup, deviation, maxMemoryFraction, note);

        void Run(Func<Tensor> loss)
        {
            using DisposeScope scope = NewDisposeScope();
            autograd.grad([loss()], inputs);
        }

        Tensor[] Gradients(Func<Tensor> loss)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor value = loss();
            return [.. autograd.grad([value], inputs).Append(value.detach()).Select(one => one.MoveToOuterDisposeScope())];
        }
    }

    // The largest deviation of loss and gradients, relative to the largest magnitude of each.
    private static double Deviation(Tensor[] ours, Tensor[] reference)
    {
        using DisposeScope scope = NewDisposeScope();
        double worst = 0;
        foreach ((Tensor a, Tensor b) in ours.Zip(reference))
        {
            double size = Math.Max(b.abs().max().item<float>(), 1e-12);
            worst = Math.Max(worst, (a - b).abs().max().item<float>() / size);
            a.Dispose();
            b.Dispose();
        }

        return worst <= Tolerance ? worst : throw new InvalidOperationException($"FocalSharp and the reference differ by {worst:0.0e0}, more than {Tolerance:0e0}.");
    }
}
