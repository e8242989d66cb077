using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>Measures two ways to a loss and its gradient, after checking that they agree.</summary>
internal static class Losses
{
    private const double Tolerance = 1e-5;

    public static BenchmarkRow Compare(string name, Tensor input, Func<Tensor> ours, Func<Tensor> reference, double? wanted, double? memoryShare = null) =>
        Compare(name, [input], ours, reference, wanted, memoryShare);

    public static BenchmarkRow Compare(
        string name, Tensor[] inputs, Func<Tensor> ours, Func<Tensor> reference, double? wanted, double? memoryShare = null, string note = "")
    {
        double deviation = Deviation(Gradients(ours), Gradients(reference));
        return BenchmarkComparison.Row(name, () => Run(ours), () => Run(reference), wanted, deviation, memoryShare, note);

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

    // Of loss and gradients, relative to the largest number of each.
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

        return worst <= Tolerance ? worst : throw new InvalidOperationException($"Ours and the reference differ by {worst:0.0e0}, more than {Tolerance:0e0}.");
    }
}
