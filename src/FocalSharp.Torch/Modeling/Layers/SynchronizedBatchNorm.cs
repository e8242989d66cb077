using FocalSharp.Torch.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>
/// Batch normalization in training mode with statistics over the batches of all processes: one sum over the processes in the forward and one in the
/// backward pass. With one process it computes what libtorch's batch norm does.
/// </summary>
internal sealed class SynchronizedBatchNorm : autograd.MultiTensorFunction<SynchronizedBatchNorm>
{
    private const string Saved = nameof(Saved);

    private static readonly long[] Dimensions = [0, 2, 3];

    /// <inheritdoc/>
    public override string Name => nameof(SynchronizedBatchNorm);

    /// <summary>Normalizes a map and updates the running statistics.</summary>
    /// <param name="norm">The norm.</param>
    /// <param name="x">The map <c>[B, C, H, W]</c>; B, H and W may differ between processes.</param>
    /// <param name="sum">Sums over the processes.</param>
    public static Tensor Run(BatchNorm2d norm, Tensor x, SumOverRanks sum)
    {
        Plan plan = new(sum, norm.eps);
        Tensor y = apply([plan, x, norm.weight!, norm.bias!])[0];
        using IDisposable guard = no_grad();
        norm.num_batches_tracked!.add_(1);
        double momentum = norm.momentum ?? (1.0 / norm.num_batches_tracked.item<long>());
        Update(norm.running_mean!, plan.Mean, 1);
        Update(norm.running_var!, plan.Variance, plan.Count / Math.Max(1, plan.Count - 1));
        return y;

        void Update(Tensor running, float[] measured, double factor)
        {
            using Tensor values = tensor(measured, device: running.device);
            running.mul_(1 - momentum).add_(values, alpha: momentum * factor);
        }
    }

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Plan plan = (Plan)vars[0];
        Tensor x = (Tensor)vars[1];
        Tensor values = x.to(float32);
        Tensor mean = values.mean(Dimensions, keepdim: true);
        Tensor variance = (values - mean).square().mean(Dimensions, keepdim: true);
        plan.Combine(Read(mean), Read(variance), x.numel() / x.size(1));
        Tensor y = ((values - plan.Row(plan.Mean, x)) * (plan.Row(plan.InverseStd, x) * ((Tensor)vars[2]).view(1, -1, 1, 1))) + ((Tensor)vars[3]).view(1, -1, 1, 1);
        ctx.save_for_backward([x, (Tensor)vars[2]]);
        ctx.save_data(Saved, plan);
        return [y.to(x.dtype)];
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        Plan plan = (Plan)ctx.get_data(Saved);
        List<Tensor> saved = ctx.get_saved_variables();
        Tensor x = saved[0];
        Tensor inverse = plan.Row(plan.InverseStd, x);
        Tensor normalized = (x.to(float32) - plan.Row(plan.Mean, x)) * inverse;
        Tensor upstream = grad_outputs[0].to(float32);
        Tensor byShift = upstream.sum(Dimensions);
        Tensor byScale = (upstream * normalized).sum(Dimensions);

        // Every process adds its own part to the gradients of scale and shift, which are summed with all others.
        float[] sums = [.. Read(byShift), .. Read(byScale)];
        double[] totals = Array.ConvertAll(sums, value => (double)value);
        plan.Sum(totals);
        float[] means = Array.ConvertAll(totals, total => (float)(total / plan.Count));
        Tensor meanShift = plan.Row(means[..(means.Length / 2)], x);
        Tensor meanScale = plan.Row(means[(means.Length / 2)..], x);
        Tensor gradient = (upstream - meanShift - (normalized * meanScale)) * (inverse * saved[1].view(1, -1, 1, 1));
        return [null!, gradient.to(x.dtype), byScale, byShift];
    }

    private static float[] Read(Tensor values)
    {
        using Tensor flat = values.flatten();
        return NativeCopy.ToArray<float>(flat);
    }

    /// <summary>The settings, and the statistics that the forward pass saves for the backward pass.</summary>
    private sealed record Plan(SumOverRanks Sum, double Epsilon)
    {
        public float[] Mean { get; private set; } = [];

        public float[] Variance { get; private set; } = [];

        public float[] InverseStd { get; private set; } = [];

        /// <summary>Gets the values per channel over all processes.</summary>
        public double Count { get; private set; }

        /// <summary>Combines the statistics of this process with those of the others.</summary>
        public void Combine(float[] mean, float[] variance, long count)
        {
            (Mean, Variance, Count) = NormMoments.Combine(Array.ConvertAll(mean, value => (double)value), Array.ConvertAll(variance, value => (double)value), count, Sum);
            InverseStd = Array.ConvertAll(Variance, value => (float)(1 / Math.Sqrt(value + Epsilon)));
        }

        /// <summary>Returns values per channel as <c>[1, C, 1, 1]</c>.</summary>
        public Tensor Row(float[] values, Tensor like) => tensor(values, device: like.device).view(1, -1, 1, 1);
    }
}
