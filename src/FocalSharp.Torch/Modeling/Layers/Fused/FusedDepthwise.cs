using System.Runtime.CompilerServices;
using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers.Fused;

/// <summary>
/// A depthwise convolution over a bfloat16 or float32 map in channels-last memory, several channels at a time, with float32 weights and sums.
/// libtorch's operators would convert the map to the default layout and back, and multiply matrices of one row for gradients of 5x5 kernels.
/// </summary>
internal sealed class FusedDepthwise : autograd.MultiTensorFunction<FusedDepthwise>
{
    // Parts of the weights' gradient: a fixed number, so that sums do not depend on the number of threads.
    private const int Parts = 32;
    private const string Saved = nameof(Saved);

    /// <inheritdoc/>
    public override string Name => nameof(FusedDepthwise);

    /// <summary>Computes <c>[B, C, H, W] → [B, C, H', W']</c>, zero-padded by half of the kernel.</summary>
    /// <param name="map">The map, in any layout; C must be a multiple of the vector's length.</param>
    /// <param name="weight">float32 <c>[C, 1, kernel, kernel]</c>.</param>
    /// <param name="stride">Stride in both directions.</param>
    public static Tensor Compute(Tensor map, Tensor weight, int stride) =>
        apply([new Shape(map, (int)weight.size(3), stride), ChannelsLast.Convert(map), weight])[0];

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
        Shape shape = (Shape)vars[0];
        Tensor x = (Tensor)vars[1];
        Tensor y = ChannelsLast.Empty(TRows.Type, shape.Batch, shape.Channels, shape.OutHeight, shape.OutWidth);
        float[] taps = shape.ToTaps((Tensor)vars[2]);
        (TRows source, TRows target) = (TRows.Create(x), TRows.Create(y));
        OpenMpParallel.Run(shape.Batch * shape.OutHeight, row => Forward<TRows, TLanes>(shape, source, target, taps, row));
        ctx.save_for_backward([x, (Tensor)vars[2]]);
        ctx.save_data(Saved, shape);
        return [y];
    }

    private static List<Tensor> Backward<TRows, TLanes>(autograd.AutogradContext ctx, Tensor outer)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        Shape shape = (Shape)ctx.get_data(Saved);
        List<Tensor> saved = ctx.get_saved_variables();
        using Tensor upstream = ChannelsLast.Convert(outer);
        Tensor byMap = ChannelsLast.Empty(TRows.Type, shape.Batch, shape.Channels, shape.Height, shape.Width);
        // With stride 1 the gradient is a convolution by the mirrored weights.
        float[] taps = shape.ToTaps(saved[1], mirrored: shape.Stride == 1);
        (TRows source, TRows above, TRows target) = (TRows.Create(saved[0]), TRows.Create(upstream), TRows.Create(byMap));
        OpenMpParallel.Run(shape.Batch * shape.Height, row => BackwardMap<TRows, TLanes>(shape, above, target, taps, row));
        return [null!, byMap, shape.FromTaps(SumWeightGradients<TRows, TLanes>(shape, source, above))];
    }

    private static void Forward<TRows, TLanes>(Shape shape, TRows source, TRows target, float[] taps, int row)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        if (shape.Stride == 1)
        {
            Correlate<TRows, TLanes>(shape, source, target, taps, row);
            return;
        }

        (int image, int y) = Math.DivRem(row, shape.OutHeight);
        (int top, int pad) = ((y * shape.Stride) - (shape.Kernel / 2), shape.Kernel / 2);
        (int firstY, int lastY) = Clip(top, shape.Kernel, shape.Height);
        for (int x = 0; x < shape.OutWidth; x++)
        {
            long corner = (((long)((image * shape.Height) + top) * shape.Width) + (x * shape.Stride) - pad) * shape.Channels;
            (int firstX, int lastX) = Clip((x * shape.Stride) - pad, shape.Kernel, shape.Width);
            One<TRows, TLanes>(shape, source, target, taps, corner, (((long)row * shape.OutWidth) + x) * shape.Channels, firstY, lastY, firstX, lastX);
        }
    }

    // The gradient by the map gathers, for each input pixel, from the outputs whose windows contain it.
    private static void BackwardMap<TRows, TLanes>(Shape shape, TRows above, TRows target, float[] taps, int row)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        if (shape.Stride == 1)
        {
            Correlate<TRows, TLanes>(shape, above, target, taps, row);
        }
        else
        {
            Gather<TRows, TLanes>(shape, above, target, taps, row);
        }
    }

    /// <summary>Computes a row with stride 1, where the map and its result have one size.</summary>
    private static void Correlate<TRows, TLanes>(Shape shape, TRows source, TRows target, float[] taps, int row)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        (int image, int y) = Math.DivRem(row, shape.Height);
        (int channels, int width, int pad) = (shape.Channels, shape.Width, shape.Kernel / 2);
        (int firstY, int lastY) = Clip(y - pad, shape.Kernel, shape.Height);
        for (int x = 0; x < width;)
        {
            long corner = (((long)((image * shape.Height) + y - pad) * width) + x - pad) * channels;
            long to = (((long)row * width) + x) * channels;
            if (x >= pad && x + 3 + pad < width)
            {
                Four<TRows, TLanes>(shape, source, target, taps, corner, to, firstY, lastY);
                x += 4;
            }
            else
            {
                (int firstX, int lastX) = Clip(x - pad, shape.Kernel, width);
                One<TRows, TLanes>(shape, source, target, taps, corner, to, firstY, lastY, firstX, lastX);
                x++;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<TRows, TLanes>(
        Shape shape, TRows source, TRows target, float[] taps, long corner, long to, int firstY, int lastY, int firstX, int lastX)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        (int kernel, int channels, int width) = (shape.Kernel, shape.Channels, shape.Width);
        for (int c = 0; c < channels; c += TLanes.Count)
        {
            TLanes sum = TLanes.Zero;
            for (int ky = firstY; ky < lastY; ky++)
            {
                long at = corner + ((((long)ky * width) + firstX) * channels) + c;
                int tap = (((ky * kernel) + firstX) * channels) + c;
                for (int kx = firstX; kx < lastX; kx++, at += channels, tap += channels)
                {
                    sum = TLanes.MultiplyAdd(source.Load(at), TLanes.Load(ref taps[tap]), sum);
                }
            }

            target.Store(to + c, sum);
        }
    }

    // Four neighboring results of stride 1, whose windows lie within the row: each weight and each pixel of a line is loaded once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<TRows, TLanes>(Shape shape, TRows source, TRows target, float[] taps, long corner, long to, int firstY, int lastY)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        (int kernel, int channels, int width) = (shape.Kernel, shape.Channels, shape.Width);
        for (int c = 0; c < channels; c += TLanes.Count)
        {
            TLanes sum0 = TLanes.Zero;
            TLanes sum1 = TLanes.Zero;
            TLanes sum2 = TLanes.Zero;
            TLanes sum3 = TLanes.Zero;
            for (int ky = firstY; ky < lastY; ky++)
            {
                long at = corner + ((long)ky * width * channels) + c;
                int tap = (ky * kernel * channels) + c;
                TLanes pixel0 = source.Load(at);
                TLanes pixel1 = source.Load(at + channels);
                TLanes pixel2 = source.Load(at + (2 * channels));
                at += 3 * channels;
                for (int kx = 0; kx < kernel; kx++, at += channels, tap += channels)
                {
                    TLanes weight = TLanes.Load(ref taps[tap]);
                    TLanes pixel3 = source.Load(at);
                    sum0 = TLanes.MultiplyAdd(pixel0, weight, sum0);
                    sum1 = TLanes.MultiplyAdd(pixel1, weight, sum1);
                    sum2 = TLanes.MultiplyAdd(pixel2, weight, sum2);
                    sum3 = TLanes.MultiplyAdd(pixel3, weight, sum3);
                    (pixel0, pixel1, pixel2) = (pixel1, pixel2, pixel3);
                }
            }

            target.Store(to + c, sum0);
            target.Store(to + channels + c, sum1);
            target.Store(to + (2 * channels) + c, sum2);
            target.Store(to + (3 * channels) + c, sum3);
        }
    }

    // With a stride, an input pixel lies under every stride-th weight of each axis.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather<TRows, TLanes>(Shape shape, TRows above, TRows target, float[] taps, int row)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        (int image, int y) = Math.DivRem(row, shape.Height);
        (int kernel, int channels, int stride) = (shape.Kernel, shape.Channels, shape.Stride);
        (int nearY, int firstY, int countY) = shape.WindowsOver(y, shape.OutHeight);
        for (int x = 0; x < shape.Width; x++)
        {
            (int nearX, int firstX, int countX) = shape.WindowsOver(x, shape.OutWidth);
            long to = (((long)row * shape.Width) + x) * channels;
            for (int c = 0; c < channels; c += TLanes.Count)
            {
                TLanes sum = TLanes.Zero;
                for (int j = 0; j < countY; j++)
                {
                    long at = (((((long)image * shape.OutHeight) + nearY - j) * shape.OutWidth) + nearX) * channels;
                    int tap = ((((firstY + (j * stride)) * kernel) + firstX) * channels) + c;
                    for (int i = 0; i < countX; i++, at -= channels, tap += stride * channels)
                    {
                        sum = TLanes.MultiplyAdd(above.Load(at + c), TLanes.Load(ref taps[tap]), sum);
                    }
                }

                target.Store(to + c, sum);
            }
        }
    }

    private static double[] SumWeightGradients<TRows, TLanes>(Shape shape, TRows source, TRows above)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        int rows = shape.Batch * shape.OutHeight;
        int parts = Math.Min(rows, Parts);
        float[][] sums = new float[parts][];
        OpenMpParallel.Run(parts, part =>
        {
            float[] own = new float[shape.Kernel * shape.Kernel * shape.Channels];
            for (int row = (int)((long)rows * part / parts); row < (int)((long)rows * (part + 1) / parts); row++)
            {
                BackwardWeight<TRows, TLanes>(shape, source, above, own, row);
            }

            sums[part] = own;
        });
        double[] total = new double[sums[0].Length];
        foreach (float[] own in sums)
        {
            for (int i = 0; i < total.Length; i++)
            {
                total[i] += own[i];
            }
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardWeight<TRows, TLanes>(Shape shape, TRows source, TRows above, float[] sums, int row)
        where TRows : struct, IFeatureRows<TRows, TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        (int image, int y) = Math.DivRem(row, shape.OutHeight);
        (int kernel, int channels, int pad, int stride) = (shape.Kernel, shape.Channels, shape.Kernel / 2, shape.Stride);
        long line = (long)row * shape.OutWidth * channels;
        long step = (long)stride * channels;
        (int firstY, int lastY) = Clip((y * stride) - pad, kernel, shape.Height);
        for (int ky = firstY; ky < lastY; ky++)
        {
            long inputLine = (long)((image * shape.Height) + (y * stride) - pad + ky) * shape.Width;
            for (int kx = 0; kx < kernel; kx++)
            {
                // Outputs whose tap lies within the row: 0 <= x·stride − pad + kx < width.
                int first = Math.Max(0, (pad - kx + stride - 1) / stride);
                int reach = shape.Width - 1 + pad - kx;
                int last = reach < 0 ? -1 : Math.Min(shape.OutWidth - 1, reach / stride);
                for (int c = 0; c < channels; c += TLanes.Count)
                {
                    int tap = (((ky * kernel) + kx) * channels) + c;
                    long at = line + ((long)first * channels) + c;
                    long from = ((inputLine + (first * stride) - pad + kx) * channels) + c;
                    TLanes sum = TLanes.Load(ref sums[tap]);
                    (TLanes sum1, TLanes sum2, TLanes sum3) = (TLanes.Zero, TLanes.Zero, TLanes.Zero);
                    int x = first;
                    for (; x + 3 <= last; x += 4, at += 4 * channels, from += 4 * step)
                    {
                        sum = TLanes.MultiplyAdd(above.Load(at), source.Load(from), sum);
                        sum1 = TLanes.MultiplyAdd(above.Load(at + channels), source.Load(from + step), sum1);
                        sum2 = TLanes.MultiplyAdd(above.Load(at + (2 * channels)), source.Load(from + (2 * step)), sum2);
                        sum3 = TLanes.MultiplyAdd(above.Load(at + (3 * channels)), source.Load(from + (3 * step)), sum3);
                    }

                    for (; x <= last; x++, at += channels, from += step)
                    {
                        sum = TLanes.MultiplyAdd(above.Load(at), source.Load(from), sum);
                    }

                    ((sum + sum1) + (sum2 + sum3)).Store(ref sums[tap]);
                }
            }
        }
    }

    /// <summary>Returns the range of a kernel's taps that lie within an axis.</summary>
    private static (int First, int End) Clip(int start, int kernel, int length) => (Math.Max(0, -start), Math.Min(kernel, length - start));

    /// <summary>The sizes of a convolution.</summary>
    private sealed record Shape(int Batch, int Channels, int Height, int Width, int Kernel, int Stride)
    {
        public Shape(Tensor map, int kernel, int stride)
            : this((int)map.size(0), (int)map.size(1), (int)map.size(2), (int)map.size(3), kernel, stride)
        {
        }

        public int OutHeight => ((Height - 1) / Stride) + 1;

        public int OutWidth => ((Width - 1) / Stride) + 1;

        /// <summary>
        /// Returns the windows of an axis that contain an input position: the last window, the position's index within it, and how many
        /// windows there are; each window before has an index greater by the stride.
        /// </summary>
        public (int Near, int First, int Count) WindowsOver(int position, int windows)
        {
            int reach = position + (Kernel / 2);
            int near = Math.Min(reach / Stride, windows - 1);
            int first = reach - (near * Stride);
            return (near, first, first >= Kernel ? 0 : Math.Min(near, (Kernel - 1 - first) / Stride) + 1);
        }

        /// <summary>Lays weights out by tap, <c>[kernel · kernel, C]</c>, in the reverse order if <paramref name="mirrored"/>.</summary>
        public float[] ToTaps(Tensor weight, bool mirrored = false)
        {
            ReadOnlySpan<float> values = new NativeFloat32(weight).Span;
            int area = Kernel * Kernel;
            float[] taps = new float[values.Length];
            for (int c = 0; c < Channels; c++)
            {
                for (int tap = 0; tap < area; tap++)
                {
                    taps[((mirrored ? area - 1 - tap : tap) * Channels) + c] = values[(c * area) + tap];
                }
            }

            return taps;
        }

        /// <summary>Returns sums by tap as a tensor of the weights' shape.</summary>
        public Tensor FromTaps(double[] sums)
        {
            int area = Kernel * Kernel;
            float[] values = new float[sums.Length];
            for (int c = 0; c < Channels; c++)
            {
                for (int tap = 0; tap < area; tap++)
                {
                    values[(c * area) + tap] = (float)sums[(tap * Channels) + c];
                }
            }

            return tensor(values, [Channels, 1, Kernel, Kernel]);
        }
    }
}
