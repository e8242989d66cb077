using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using FocalSharp.Torch.Native;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers.Fused;

/// <summary>
/// Interleaves the channels of two maps in channels-last memory, several pairs at a time; libtorch's stack copies value by
/// value there.
/// </summary>
internal sealed class FusedInterleave : autograd.SingleTensorFunction<FusedInterleave>
{
    private const string Saved = nameof(Saved);

    /// <inheritdoc/>
    public override string Name => nameof(FusedInterleave);

    /// <summary>
    /// Computes <c>[B, C, H, W], [B, C, H, W] → [B, 2C, H, W]</c>, where channel 2i + g is channel i of map g. Further channels of the second map are
    /// ignored.
    /// </summary>
    public static Tensor Compute(Tensor first, Tensor second) => apply([ChannelsLast.Convert(first), ChannelsLast.Convert(second)]);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        (Tensor first, Tensor second) = ((Tensor)vars[0], (Tensor)vars[1]);
        (int half, int padded) = ((int)first.size(1), (int)second.size(1));
        ctx.save_data(Saved, padded);
        Tensor whole = ChannelsLast.Empty(first.dtype, first.size(0), 2 * half, first.size(2), first.size(3));
        if (first.dtype == ScalarType.BFloat16)
        {
            (BFloat16Rows a, BFloat16Rows b, BFloat16Rows target) = (new(first), new(second), new(whole));
            FusedSplit.RunPixels(whole, row => Join(a.Slice((long)row * half, half), b.Slice((long)row * padded, half), target.Slice((long)row * 2 * half, 2 * half)));
        }
        else
        {
            (Float32Rows a, Float32Rows b, Float32Rows target) = (new(first), new(second), new(whole));
            FusedSplit.RunPixels(whole, row => Join(a.Slice((long)row * half, half), b.Slice((long)row * padded, half), target.Slice((long)row * 2 * half, 2 * half)));
        }

        return whole;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using Tensor upstream = ChannelsLast.Convert(grad_output);
        int half = (int)upstream.size(1) / 2;
        int padded = (int)ctx.get_data(Saved);
        Tensor first = ChannelsLast.Empty(upstream.dtype, upstream.size(0), half, upstream.size(2), upstream.size(3));
        Tensor second = ChannelsLast.Empty(upstream.dtype, upstream.size(0), padded, upstream.size(2), upstream.size(3));
        if (upstream.dtype == ScalarType.BFloat16)
        {
            (BFloat16Rows source, BFloat16Rows a, BFloat16Rows b) = (new(upstream), new(first), new(second));
            FusedSplit.RunPixels(upstream, row => Part(source.Slice((long)row * 2 * half, 2 * half), a.Slice((long)row * half, half), b.Slice((long)row * padded, padded)));
        }
        else
        {
            (Float32Rows source, Float32Rows a, Float32Rows b) = (new(upstream), new(first), new(second));
            FusedSplit.RunPixels(upstream, row => Part(source.Slice((long)row * 2 * half, 2 * half), a.Slice((long)row * half, half), b.Slice((long)row * padded, padded)));
        }

        return [first, second];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Join(Span<ushort> first, Span<ushort> second, Span<ushort> whole)
    {
        int i = 0;
        for (; Avx512F.IsSupported && i <= first.Length - Lanes16.Count; i += Lanes16.Count)
        {
            Vector512<uint> low = Avx512F.ConvertToVector512UInt32(Vector256.Create<ushort>(first[i..]));
            Vector512<uint> high = Avx512F.ConvertToVector512UInt32(Vector256.Create<ushort>(second[i..]));
            (low | Vector512.ShiftLeft(high, 16)).AsUInt16().CopyTo(whole[(2 * i)..]);
        }

        for (; i < first.Length; i++)
        {
            (whole[2 * i], whole[(2 * i) + 1]) = (first[i], second[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Part(Span<ushort> whole, Span<ushort> first, Span<ushort> second)
    {
        int i = 0;
        for (; Avx512F.IsSupported && i <= first.Length - Lanes16.Count; i += Lanes16.Count)
        {
            Vector512<uint> pairs = Vector512.Create<ushort>(whole[(2 * i)..]).AsUInt32();
            Avx512F.ConvertToVector256UInt16(pairs).CopyTo(first[i..]);
            Avx512F.ConvertToVector256UInt16(Vector512.ShiftRightLogical(pairs, 16)).CopyTo(second[i..]);
        }

        for (; i < first.Length; i++)
        {
            (first[i], second[i]) = (whole[2 * i], whole[(2 * i) + 1]);
        }

        second[first.Length..].Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Join(Span<float> first, Span<float> second, Span<float> whole)
    {
        int i = 0;
        for (; Avx.IsSupported && i <= first.Length - Lanes8.Count; i += Lanes8.Count)
        {
            Vector256<float> a = Vector256.Create<float>(first[i..]);
            Vector256<float> b = Vector256.Create<float>(second[i..]);
            (Vector256<float> low, Vector256<float> high) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b));
            Avx.Permute2x128(low, high, 0x20).CopyTo(whole[(2 * i)..]);
            Avx.Permute2x128(low, high, 0x31).CopyTo(whole[((2 * i) + Lanes8.Count)..]);
        }

        for (; i < first.Length; i++)
        {
            (whole[2 * i], whole[(2 * i) + 1]) = (first[i], second[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Part(Span<float> whole, Span<float> first, Span<float> second)
    {
        int i = 0;
        for (; Avx.IsSupported && i <= first.Length - Lanes8.Count; i += Lanes8.Count)
        {
            Vector256<float> a = Vector256.Create<float>(whole[(2 * i)..]);
            Vector256<float> b = Vector256.Create<float>(whole[((2 * i) + Lanes8.Count)..]);
            (Vector256<float> low, Vector256<float> high) = (Avx.Permute2x128(a, b, 0x20), Avx.Permute2x128(a, b, 0x31));
            Avx.Shuffle(low, high, 0b10_00_10_00).CopyTo(first[i..]);
            Avx.Shuffle(low, high, 0b11_01_11_01).CopyTo(second[i..]);
        }

        for (; i < first.Length; i++)
        {
            (first[i], second[i]) = (whole[2 * i], whole[(2 * i) + 1]);
        }

        second[first.Length..].Clear();
    }
}
