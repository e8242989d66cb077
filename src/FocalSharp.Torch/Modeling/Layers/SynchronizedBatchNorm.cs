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
        (Tensor x, Tensor weight, Tensor bias) = ((Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3]);
        ctx.save_for_backward([x, weight]);
        ctx.save_data(Saved, plan);
        return [NativeFloat32.Supports(x) ? ForwardByPlanes(plan, x, weight, bias) : Forward(plan, x, weight, bias)];
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        Plan plan = (Plan)ctx.get_data(Saved);
        List<Tensor> saved = ctx.get_saved_variables();
        return NativeFloat32.Supports(saved[0]) ? BackwardByPlanes(plan, saved[0], saved[1], grad_outputs[0]) : Backward(plan, saved[0], saved[1], grad_outputs[0]);
    }

    private static Tensor Forward(Plan plan, Tensor x, Tensor weight, Tensor bias)
    {
        Tensor values = x.to(float32);
        Tensor mean = values.mean(Dimensions, keepdim: true);
        Tensor variance = (values - mean).square().mean(Dimensions, keepdim: true);
        plan.Combine(Widen(Read(mean)), Widen(Read(variance)), x.numel() / x.size(1));
        Tensor y = ((values - plan.Row(plan.Mean, x)) * (plan.Row(plan.InverseStd, x) * weight.view(1, -1, 1, 1))) + bias.view(1, -1, 1, 1);
        return y.to(x.dtype);
    }

    private static List<Tensor> Backward(Plan plan, Tensor x, Tensor weight, Tensor outer)
    {
        Tensor inverse = plan.Row(plan.InverseStd, x);
        Tensor normalized = (x.to(float32) - plan.Row(plan.Mean, x)) * inverse;
        Tensor upstream = outer.to(float32);
        Tensor byShift = upstream.sum(Dimensions);
        Tensor byScale = (upstream * normalized).sum(Dimensions);
        (float[] shifts, float[] scales) = plan.Average(Read(byShift), Read(byScale));
        Tensor gradient = (upstream - plan.Row(shifts, x) - (normalized * plan.Row(scales, x))) * (inverse * weight.view(1, -1, 1, 1));
        return [null!, gradient.to(x.dtype), byScale, byShift];
    }

    // Both passes together read maps 8 times and write 2; composed of operators, 18 and 12 times.
    private static Tensor ForwardByPlanes(Plan plan, Tensor x, Tensor weight, Tensor bias)
    {
        using Tensor plain = x.contiguous();
        Tensor y = empty_like(plain);
        Map source = new(plain);
        Map target = new(y);
        (double[] means, double[] variances) = (new double[source.Channels], new double[source.Channels]);
        OpenMpParallel.Run(source.Channels, channel =>
        {
            double sum = 0;
            for (int image = 0; image < source.Images; image++)
            {
                sum += Planes.Sum(source.Plane(image, channel));
            }

            float mean = (float)(sum / source.Count);
            double squares = 0;
            for (int image = 0; image < source.Images; image++)
            {
                squares += Planes.SumOfSquares(source.Plane(image, channel), mean);
            }

            double rounding = (sum / source.Count) - mean; // of the center of the squares
            means[channel] = sum / source.Count;
            variances[channel] = Math.Max(0, (squares / source.Count) - (rounding * rounding));
        });
        plan.Combine(means, variances, source.Count);
        (float[] scales, float[] shifts) = (Read(weight), Read(bias));
        OpenMpParallel.Run(source.Channels, channel =>
        {
            float scale = scales[channel] * plan.InverseStd[channel];
            float shift = shifts[channel] - (scale * plan.Mean[channel]);
            for (int image = 0; image < source.Images; image++)
            {
                Planes.Affine(source.Plane(image, channel), scale, shift, target.Plane(image, channel));
            }
        });
        return y;
    }

    private static List<Tensor> BackwardByPlanes(Plan plan, Tensor x, Tensor weight, Tensor outer)
    {
        using Tensor plain = x.contiguous();
        using Tensor upstream = outer.contiguous();
        Tensor gradient = empty_like(plain);
        (Map source, Map above, Map target) = (new(plain), new(upstream), new(gradient));
        (float[] byScale, float[] byShift) = (new float[source.Channels], new float[source.Channels]);
        OpenMpParallel.Run(source.Channels, channel =>
        {
            (double shift, double scale) = (0, 0);
            for (int image = 0; image < source.Images; image++)
            {
                shift += Planes.Sum(above.Plane(image, channel));
                scale += Planes.SumOfProducts(above.Plane(image, channel), source.Plane(image, channel), plan.Mean[channel]);
            }

            (byShift[channel], byScale[channel]) = ((float)shift, (float)(scale * plan.InverseStd[channel]));
        });
        (float[] meanShifts, float[] meanScales) = plan.Average(byShift, byScale);
        float[] scales = Read(weight);
        OpenMpParallel.Run(source.Channels, channel =>
        {
            float inverse = plan.InverseStd[channel];
            float factor = inverse * scales[channel];
            for (int image = 0; image < source.Images; image++)
            {
                Planes.Combine(
                    above.Plane(image, channel),
                    factor,
                    source.Plane(image, channel),
                    -factor * inverse * meanScales[channel],
                    plan.Mean[channel],
                    -factor * meanShifts[channel],
                    target.Plane(image, channel));
            }
        });
        return [null!, gradient, tensor(byScale), tensor(byShift)];
    }

    private static float[] Read(Tensor values)
    {
        using Tensor flat = values.flatten();
        return NativeCopy.ToArray<float>(flat);
    }

    private static double[] Widen(float[] values) => Array.ConvertAll(values, value => (double)value);

    /// <summary>The planes of a contiguous map <c>[B, C, H, W]</c> of float32 on the CPU.</summary>
    private readonly struct Map(Tensor map)
    {
        private readonly NativeFloat32 _values = new(map);
        private readonly int _area = (int)(map.size(2) * map.size(3));

        public int Images { get; } = (int)map.size(0);

        public int Channels { get; } = (int)map.size(1);

        /// <summary>Gets the values per channel.</summary>
        public long Count => (long)Images * _area;

        public Span<float> Plane(int image, int channel) => _values.Slice(((image * Channels) + channel) * _area, _area);
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
        public void Combine(double[] mean, double[] variance, long count)
        {
            (Mean, Variance, Count) = NormMoments.Combine(mean, variance, count, Sum);
            InverseStd = Array.ConvertAll(Variance, value => (float)(1 / Math.Sqrt(value + Epsilon)));
        }

        /// <summary>
        /// Averages the gradients of shift and scale over the values of all processes. Every process adds its own part to the parameters' gradients,
        /// which are summed with all others.
        /// </summary>
        public (float[] Shift, float[] Scale) Average(float[] byShift, float[] byScale)
        {
            double[] totals = Widen([.. byShift, .. byScale]);
            Sum(totals);
            float[] means = Array.ConvertAll(totals, total => (float)(total / Count));
            return (means[..byShift.Length], means[byShift.Length..]);
        }

        /// <summary>Returns values per channel as <c>[1, C, 1, 1]</c>.</summary>
        public Tensor Row(float[] values, Tensor like) => tensor(values, device: like.device).view(1, -1, 1, 1);
    }
}
