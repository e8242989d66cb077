using System.Runtime.CompilerServices;
using FocalSharp.Torch.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers.Fused;

/// <summary>
/// Batch or group normalization in training mode, a sum with a shortcut and an activation over a bfloat16 or float32 map, with two reads in the
/// forward and two in the backward pass; libtorch's operators take five and six. Statistics are float32, from float64 sums.
/// </summary>
internal sealed class FusedNorm : autograd.MultiTensorFunction<FusedNorm>
{
    private const string Saved = nameof(Saved);

    /// <inheritdoc/>
    public override string Name => nameof(FusedNorm);

    /// <summary>Computes batch norm in training mode, where channels beyond the norm's stay 0, and updates its running statistics, as libtorch.</summary>
    public static Tensor Batch(BatchNorm2d norm, Tensor x, Tensor? shortcut, FusedActivation activation)
    {
        Plan plan = new(new RowPartition(1, Pixels(x) * (int)x.size(0), (int)x.size(1)), 1, norm.eps, activation, shortcut is not null)
        {
            Sum = SynchronizedNorms.Current,
        };
        int padding = (int)(x.size(1) - norm.weight!.numel());
        Tensor y = Run(plan, x, Pad(norm.weight!, padding), Pad(norm.bias!, padding), shortcut);
        using IDisposable guard = no_grad();
        double count = plan.Statistics!.Count;
        norm.num_batches_tracked!.add_(1);
        double momentum = norm.momentum ?? (1.0 / norm.num_batches_tracked.item<long>());
        UpdateRunningStatistic(norm.running_mean!, plan.Statistics.Mean, momentum, 1);
        UpdateRunningStatistic(norm.running_var!, plan.Statistics.Variance, momentum, count / Math.Max(1, count - 1));
        return y;
    }

    /// <summary>Computes group norm.</summary>
    public static Tensor Group(GroupNorm norm, Tensor x, Tensor? shortcut, FusedActivation activation) => Run(
        new Plan(new RowPartition((int)x.size(0), Pixels(x), (int)x.size(1)), (int)(x.size(1) / norm.num_groups), norm.eps, activation, shortcut is not null),
        x, norm.weight!, norm.bias!, shortcut);

    /// <inheritdoc/>
    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[1]).dtype == ScalarType.BFloat16
        ? Forward<BFloat16Rows, Lanes16>(ctx, vars)
        : Forward<Float32Rows, Lanes8>(ctx, vars);

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => grad_outputs[0].dtype == ScalarType.BFloat16
        ? Backward<BFloat16Rows, Lanes16>(ctx, grad_outputs[0])
        : Backward<Float32Rows, Lanes8>(ctx, grad_outputs[0]);

    private static List<Tensor> Forward<TRows, TLanes>(autograd.AutogradContext ctx, object[] vars)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        Plan plan = (Plan)vars[0];
        Tensor x = (Tensor)vars[1];
        Tensor y = ChannelsLast.Empty(TRows.Type, x.size(0), x.size(1), x.size(2), x.size(3));
        TRows source = TRows.Create(x);
        TRows target = TRows.Create(y);
        TRows shortcut = plan.HasShortcut ? TRows.Create((Tensor)vars[4]) : source;
        plan.Statistics = NormStatistics.Compute<TRows, TLanes>(source, plan.Parts, plan.GroupSize, plan.Epsilon, plan.Sum);
        (float[] factors, float[] offsets) = plan.Affine(new NativeFloat32((Tensor)vars[2]), new NativeFloat32((Tensor)vars[3]));
        int channels = plan.Parts.Channels;
        plan.Parts.Run([MethodImpl(MethodImplOptions.AggressiveOptimization)] (_, segment, first, end) =>
        {
            for (int row = first; row < end; row++)
            {
                long at = (long)row * channels;
                for (int c = 0; c < channels; c += TLanes.Count)
                {
                    TLanes value = PreActivation<TRows, TLanes>(plan, source, shortcut, at + c, factors, offsets, (segment * channels) + c);
                    target.Store(at + c, plan.Activation.Apply(value));
                }
            }
        });
        ctx.save_for_backward([.. vars.Skip(1).Cast<Tensor>()]);
        ctx.save_data(Saved, plan);
        return [y];
    }

    private static List<Tensor> Backward<TRows, TLanes>(autograd.AutogradContext ctx, Tensor outer)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        Plan plan = (Plan)ctx.get_data(Saved);
        List<Tensor> saved = ctx.get_saved_variables();
        Tensor x = saved[0];
        using Tensor upstream = ChannelsLast.Convert(outer);
        Tensor gradient = ChannelsLast.Empty(TRows.Type, x.size(0), x.size(1), x.size(2), x.size(3));
        Tensor? passed = plan.HasShortcut ? ChannelsLast.Empty(TRows.Type, x.size(0), x.size(1), x.size(2), x.size(3)) : null;
        (TRows source, TRows above, TRows target) = (TRows.Create(x), TRows.Create(upstream), TRows.Create(gradient));
        TRows shortcut = plan.HasShortcut ? TRows.Create(saved[3]) : source;
        TRows beside = passed is null ? target : TRows.Create(passed);
        (float[] factors, float[] offsets) = plan.Affine(new NativeFloat32(saved[1]), new NativeFloat32(saved[2]));
        (double[] sums, double[] products) = Sums<TRows, TLanes>(plan, source, shortcut, above, factors, offsets);
        (Tensor byScale, Tensor byShift) = (empty_like(saved[1]), empty_like(saved[2]));
        (float[] slope, float[] bend, float[] shift) = plan.Derivatives(
            sums, products, new NativeFloat32(saved[1]), new NativeFloat32(byScale), new NativeFloat32(byShift));
        float[] means = plan.Statistics!.Mean;
        int channels = plan.Parts.Channels;
        plan.Parts.Run([MethodImpl(MethodImplOptions.AggressiveOptimization)] (_, segment, first, end) =>
        {
            for (int row = first; row < end; row++)
            {
                long at = (long)row * channels;
                for (int c = 0; c < channels; c += TLanes.Count)
                {
                    int k = (segment * channels) + c;
                    TLanes g = GateGradient<TRows, TLanes>(plan, source, shortcut, above, at + c, factors, offsets, k);
                    TLanes rest = TLanes.MultiplyAdd(TLanes.Load(ref bend[k]), source.Load(at + c) - TLanes.Load(ref means[k]), TLanes.Load(ref shift[k]));
                    target.Store(at + c, TLanes.MultiplyAdd(TLanes.Load(ref slope[k]), g, rest));
                    if (plan.HasShortcut)
                    {
                        beside.Store(at + c, g);
                    }
                }
            }
        });
        return passed is null ? [null!, gradient, byScale, byShift] : [null!, gradient, byScale, byShift, passed];
    }

    /// <summary>Computes Σg and Σg·(x − mean) per part and channel, where g is the gradient before the activation.</summary>
    private static (double[] Sums, double[] Products) Sums<TRows, TLanes>(
        Plan plan, TRows source, TRows shortcut, TRows above, float[] factors, float[] offsets)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        const int Tile = 64;
        int channels = plan.Parts.Channels;
        double[] sums = new double[plan.Parts.Count * channels];
        double[] products = new double[plan.Parts.Count * channels];
        float[] means = plan.Statistics!.Mean;
        plan.Parts.Run([MethodImpl(MethodImplOptions.AggressiveOptimization)] (part, segment, first, end) =>
        {
            for (int tile = first; tile < end; tile += Tile)
            {
                int last = Math.Min(tile + Tile, end);
                for (int c = 0; c < channels; c += TLanes.Count)
                {
                    int k = (segment * channels) + c;
                    TLanes mean = TLanes.Load(ref means[k]);
                    (TLanes sum, TLanes product) = (TLanes.Zero, TLanes.Zero);
                    for (int row = tile; row < last; row++)
                    {
                        long at = ((long)row * channels) + c;
                        TLanes g = GateGradient<TRows, TLanes>(plan, source, shortcut, above, at, factors, offsets, k);
                        sum += g;
                        product = TLanes.MultiplyAdd(g, source.Load(at) - mean, product);
                    }

                    sum.AddTo(ref sums[(part * channels) + c]);
                    product.AddTo(ref products[(part * channels) + c]);
                }
            }
        });
        return (sums, products);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes PreActivation<TRows, TLanes>(Plan plan, TRows source, TRows shortcut, long at, float[] factors, float[] offsets, int k)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes value = TLanes.MultiplyAdd(source.Load(at), TLanes.Load(ref factors[k]), TLanes.Load(ref offsets[k]));
        return plan.HasShortcut ? value + shortcut.Load(at) : value;
    }

    // The value before the activation is recomputed; reading a saved one would cost as much.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes GateGradient<TRows, TLanes>(
        Plan plan, TRows source, TRows shortcut, TRows above, long at, float[] factors, float[] offsets, int k)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes g = above.Load(at);
        return plan.Activation.Kind == ActivationKind.None ? g : plan.Activation.Gate(PreActivation<TRows, TLanes>(plan, source, shortcut, at, factors, offsets, k), g);
    }

    private static Tensor Run(Plan plan, Tensor x, Tensor weight, Tensor bias, Tensor? shortcut)
    {
        Tensor source = ChannelsLast.Convert(x);
        return shortcut is null ? apply([plan, source, weight, bias])[0] : apply([plan, source, weight, bias, ChannelsLast.Convert(shortcut)])[0];
    }

    private static Tensor Pad(Tensor values, int padding) => padding == 0 ? values : nn.functional.pad(values, [0, padding]);

    private static int Pixels(Tensor x) => checked((int)(x.size(2) * x.size(3)));

    private static void UpdateRunningStatistic(Tensor running, float[] measured, double momentum, double factor)
    {
        Span<float> values = new NativeFloat32(running).Span;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(((1 - momentum) * values[i]) + (momentum * factor * measured[i]));
        }
    }

    /// <summary>The settings, and the state that the forward pass saves for the backward pass.</summary>
    private sealed record Plan(RowPartition Parts, int GroupSize, double Epsilon, FusedActivation Activation, bool HasShortcut)
    {
        public NormStatistics? Statistics { get; set; }

        /// <summary>Gets what sums over the processes that train together; null for one process. Batch norm only.</summary>
        public SumOverRanks? Sum { get; init; }

        /// <summary>Returns the normalization as x · factor + offset.</summary>
        public (float[] Factors, float[] Offsets) Affine(NativeFloat32 weight, NativeFloat32 bias)
        {
            int channels = Parts.Channels;
            (float[] factors, float[] offsets) = (new float[Statistics!.Mean.Length], new float[Statistics.Mean.Length]);
            Span<float> scale = weight.Slice(0, channels);
            Span<float> shift = bias.Slice(0, channels);
            for (int i = 0; i < factors.Length; i++)
            {
                factors[i] = Statistics.InverseStd[i] * scale[i % channels];
                offsets[i] = shift[i % channels] - (Statistics.Mean[i] * factors[i]);
            }

            return (factors, offsets);
        }

        /// <summary>Returns the gradient by x as slope · g + bend · (x − mean) + shift, and writes those by scale and shift.</summary>
        public (float[] Slope, float[] Bend, float[] Shift) Derivatives(
            double[] sums, double[] products, NativeFloat32 weight, NativeFloat32 byScale, NativeFloat32 byShift)
        {
            int channels = Parts.Channels;
            float[][] result = [.. Enumerable.Range(0, 3).Select(_ => new float[Statistics!.Mean.Length])];
            double[] scales = new double[channels];
            double[] shifts = new double[channels];
            double count = Statistics!.Count;
            double[]? overRanks = SumTotals(sums, products);
            for (int segment = 0; segment < Parts.Segments; segment++)
            {
                for (int from = 0; from < channels; from += GroupSize)
                {
                    double inverse = Statistics!.InverseStd[(segment * channels) + from];
                    (double first, double second) = (0, 0);
                    for (int c = from; c < from + GroupSize; c++)
                    {
                        (double sum, double product) = (NormStatistics.Total(sums, Parts, segment, c), NormStatistics.Total(products, Parts, segment, c) * inverse);
                        scales[c] += product;
                        shifts[c] += sum;
                        float scale = weight.Slice(c, 1)[0];
                        first += scale * (overRanks is null ? sum : overRanks[c]) / count;
                        second += scale * (overRanks is null ? product : overRanks[channels + c] * inverse) / count;
                    }

                    for (int c = from; c < from + GroupSize; c++)
                    {
                        int k = (segment * channels) + c;
                        result[0][k] = (float)(inverse * weight.Slice(c, 1)[0]);
                        result[1][k] = (float)(-inverse * inverse * second);
                        result[2][k] = (float)(-inverse * first);
                    }
                }
            }

            for (int c = 0; c < channels; c++)
            {
                byScale.Slice(c, 1)[0] = (float)scales[c];
                byShift.Slice(c, 1)[0] = (float)shifts[c];
            }

            return (result[0], result[1], result[2]);
        }

        // The totals of all processes. Scale and shift get this process's part, which is summed with all other gradients.
        private double[]? SumTotals(double[] sums, double[] products)
        {
            if (Sum is null)
            {
                return null;
            }

            int channels = Parts.Channels;
            double[] totals = new double[2 * channels];
            for (int c = 0; c < channels; c++)
            {
                totals[c] = NormStatistics.Total(sums, Parts, 0, c);
                totals[channels + c] = NormStatistics.Total(products, Parts, 0, c);
            }

            Sum(totals);
            return totals;
        }
    }
}
