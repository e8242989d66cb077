using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Layers.Fused;
using FocalSharp.Torch.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Modeling.Layers.Fused;

/// <summary>
/// The fused operators over bfloat16 maps against libtorch's in float32, over numbers that bfloat16 holds exactly. Without AVX-512 the same code computes
/// with narrower vectors.
/// </summary>
public sealed class FusedBFloat16OperatorsTests() : FusedOperatorsTests(ScalarType.BFloat16, 1)
{
    [Fact]
    public void Rounding_is_to_nearest_even_as_libtorchs()
    {
        Tensor x = randn([4, 16, 8, 8], generator: Generator) * 1000;
        Tensor rounded = x.to(ScalarType.BFloat16);
        BFloat16Rows numbers = new(ChannelsLast.Convert(rounded));
        Tensor target = ChannelsLast.Empty(ScalarType.BFloat16, 4, 16, 8, 8);
        BFloat16Rows copy = new(target);
        Tensor rows = x.permute(0, 2, 3, 1).contiguous();
        float[] values = [.. rows.data<float>()];
        for (int i = 0; i < values.Length; i += Lanes16.Count)
        {
            copy.Store(i, Lanes16.Load(ref values[i]));
            Assert.Equal(numbers.Load(i).Values, copy.Load(i).Values);
        }
    }
}

/// <summary>The fused operators over float32 maps against libtorch's.</summary>
public sealed class FusedFloat32OperatorsTests() : FusedOperatorsTests(ScalarType.Float32, 0.0005);

/// <summary>The fused operators against libtorch's in float32.</summary>
public abstract class FusedOperatorsTests : IDisposable
{
    private static readonly FusedActivation Relu = new(ActivationKind.Relu, 0);

    private readonly DisposeScope _scope;
    private readonly ChannelsLast _layout;
    private readonly ScalarType _type;
    private readonly double _precision;

    /// <param name="type">Type of the maps.</param>
    /// <param name="precision">Factor of the tolerances, which are bfloat16's.</param>
    private protected FusedOperatorsTests(ScalarType type, double precision)
    {
        LibTorch.EnsureLoaded();
        (_type, _precision) = (type, precision);
        _scope = NewDisposeScope();
        _layout = ChannelsLast.Enter(type);
    }

    private protected Generator Generator { get; } = new(7);

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _layout.Dispose();
        _scope.Dispose();
        Generator.Dispose();
    }

    [Theory]
    [InlineData(2, 16, 5, 7, "Relu", 0, false, 0)]
    [InlineData(3, 32, 8, 8, "None", 0, false, 0)]
    [InlineData(2, 48, 9, 4, "Relu", 0, true, 0)]
    [InlineData(2, 96, 40, 40, "Relu", 0, true, 20)]
    [InlineData(2, 64, 1, 1, "Relu", 0, false, 3)]
    [InlineData(2, 32, 9, 8, "Relu", 0.1, false, 0)]
    [InlineData(2, 48, 7, 8, "HardSwish", 0, false, 0)]
    [InlineData(3, 16, 12, 5, "HardSwish", 0, true, 1)]
    [InlineData(2, 32, 9, 6, "Relu6", 0, false, 0)]
    [InlineData(3, 16, 12, 5, "Relu6", 0, true, 5)]
    public void Batch_norm_with_shortcut_and_activation_is_libtorchs(
        int batch, int channels, int height, int width, string activation, float slope, bool adds, double far)
    {
        ActivationKind kind = Enum.Parse<ActivationKind>(activation);
        Tensor x = Numbers(far, batch, channels, height, width);
        Tensor shortcut = Numbers(0, batch, channels, height, width);
        Tensor upstream = Numbers(0, batch, channels, height, width);
        BatchNorm2d expected = Norm(channels);
        BatchNorm2d actual = Norm(channels);

        Tensor[] wide = [x.to(float32).requires_grad_(), shortcut.to(float32).requires_grad_()];
        Tensor y = expected.call(wide[0]);
        y = adds ? y + wide[1] : y;
        y = kind switch
        {
            ActivationKind.HardSwish => nn.functional.hardswish(y),
            ActivationKind.Relu6 => nn.functional.relu6(y),
            ActivationKind.Relu => nn.functional.leaky_relu(y, slope),
            _ => y,
        };
        y.backward([upstream.to(float32)]);
        Tensor[] narrow = [ChannelsLast.Convert(x).detach().requires_grad_(), ChannelsLast.Convert(shortcut).detach().requires_grad_()];
        Tensor fused = FusedNorm.Batch(actual, narrow[0], adds ? narrow[1] : null, new FusedActivation(kind, slope));
        fused.backward([ChannelsLast.Convert(upstream)]);

        Near(y, fused, 0.01);
        Near(wide[0].grad!, narrow[0].grad!, 0.02);
        Near(expected.weight!.grad!, actual.weight!.grad!, 0.02);
        Near(expected.bias!.grad!, actual.bias!.grad!, 0.02);
        Near(expected.running_mean!, actual.running_mean!, 1e-4);
        Near(expected.running_var!, actual.running_var!, 1e-4);
        Assert.Equal(1, actual.num_batches_tracked!.item<long>());
        if (adds)
        {
            Near(wide[1].grad!, narrow[1].grad!, 0.02);
        }
    }

    [Theory]
    [InlineData(1, 16, 4, 3, 2, false)]
    [InlineData(2, 96, 5, 5, 16, true)]
    [InlineData(3, 64, 40, 33, 32, false)]
    [InlineData(2, 48, 9, 7, 24, true)]
    public void Group_norm_with_or_without_a_shortcut_and_ReLU_is_libtorchs(int batch, int channels, int height, int width, int groups, bool adds)
    {
        Tensor x = Numbers(1, batch, channels, height, width);
        Tensor upstream = Numbers(0, batch, channels, height, width);
        GroupNorm expected = nn.GroupNorm(groups, channels);
        GroupNorm actual = nn.GroupNorm(groups, channels);
        Fill(expected.weight!, expected.bias!);
        Fill(actual.weight!, actual.bias!);

        Tensor wide = x.to(float32).requires_grad_();
        Tensor beside = Numbers(2, batch, channels, height, width);
        Tensor wideBeside = beside.to(float32).requires_grad_();
        Tensor y = (adds ? expected.call(wide) + wideBeside : expected.call(wide)).relu();
        y.backward([upstream.to(float32)]);
        Tensor narrow = ChannelsLast.Convert(x).detach().requires_grad_();
        Tensor narrowBeside = ChannelsLast.Convert(beside).detach().requires_grad_();
        Tensor fused = FusedNorm.Group(actual, narrow, adds ? narrowBeside : null, Relu);
        fused.backward([upstream]);

        Near(y, fused, 0.01);
        Near(wide.grad!, narrow.grad!, 0.02);
        Near(expected.weight!.grad!, actual.weight!.grad!, 0.02);
        Near(expected.bias!.grad!, actual.bias!.grad!, 0.02);
        if (adds)
        {
            Near(wideBeside.grad!, narrowBeside.grad!, 0.02);
        }
    }

    [Theory]
    [InlineData(2, 16, 8, 8, 3, 1)]
    [InlineData(1, 32, 7, 9, 3, 2)]
    [InlineData(2, 48, 8, 6, 5, 1)]
    [InlineData(3, 16, 9, 10, 5, 2)]
    [InlineData(1, 64, 1, 2, 5, 1)]
    [InlineData(2, 16, 2, 1, 5, 2)]
    [InlineData(1, 32, 5, 13, 3, 1)]
    [InlineData(2, 16, 6, 14, 5, 1)]
    [InlineData(1, 16, 13, 13, 5, 2)]
    public void Depthwise_convolution_is_libtorchs(int batch, int channels, int height, int width, int kernel, int stride)
    {
        Tensor x = Numbers(0, batch, channels, height, width);
        Tensor weight = randn([channels, 1, kernel, kernel], generator: Generator).mul(0.2);
        Tensor wide = x.to(float32).requires_grad_();
        Tensor wideWeight = weight.clone().requires_grad_();
        Tensor y = nn.functional.conv2d(wide, wideWeight, null!, [stride, stride], [kernel / 2, kernel / 2], groups: channels);
        Tensor upstream = Numbers(0, [.. y.shape]);
        y.backward([upstream.to(float32)]);
        Tensor narrow = ChannelsLast.Convert(x).detach().requires_grad_();
        Tensor narrowWeight = weight.clone().requires_grad_();
        Tensor fused = FusedDepthwise.Compute(narrow, narrowWeight, stride);
        fused.backward([upstream]);

        Near(y, fused, 0.01);
        Near(wide.grad!, narrow.grad!, 0.01);
        Near(wideWeight.grad!, narrowWeight.grad!, 1e-4);
    }

    [Theory]
    [InlineData(2, 16, 8, 8)]
    [InlineData(1, 32, 7, 9)]
    [InlineData(3, 16, 1, 2)]
    [InlineData(2, 24, 6, 5)]
    public void Max_pool_is_libtorchs(int batch, int channels, int height, int width)
    {
        Tensor x = Numbers(0, batch, channels, height, width);
        Tensor wide = x.to(float32).requires_grad_();
        Tensor y = nn.functional.max_pool2d(wide, kernel_size: 3, stride: 2, padding: 1);
        Tensor upstream = Numbers(0, [.. y.shape]);
        y.backward([upstream.to(float32)]);
        Tensor narrow = ChannelsLast.Convert(x).detach().requires_grad_();
        Tensor fused = FusedMaxPool.Compute(narrow);
        fused.backward([upstream]);

        Near(y, fused, 0);
        Near(wide.grad!, narrow.grad!, 0.01);
    }

    [Theory]
    [InlineData(2, 16, 3, 5)]
    [InlineData(1, 58, 4, 3)]
    [InlineData(1, 3, 2, 2)]
    public void Interleaving_is_a_stack_of_the_channels(int batch, int half, int height, int width)
    {
        Tensor first = Numbers(0, batch, half, height, width).requires_grad_();
        Tensor second = Numbers(0, batch, half, height, width).requires_grad_();
        Tensor upstream = Numbers(0, batch, 2 * half, height, width);
        Tensor fused = FusedInterleave.Compute(first, second);
        fused.backward([upstream]);

        Near(stack([first, second], 2).flatten(1, 2), fused, 0);
        Near(upstream.unflatten(1, [half, 2]).select(2, 0), first.grad!, 0);
        Near(upstream.unflatten(1, [half, 2]).select(2, 1), second.grad!, 0);
    }

    [Theory]
    [InlineData(2, 16, 16, 3, 5)]
    [InlineData(1, 58, 64, 4, 3)]
    [InlineData(2, 5, 16, 2, 1)]
    public void Splitting_gives_both_halves_and_its_gradient_joins_theirs(int batch, int half, int padded, int height, int width)
    {
        Tensor map = Numbers(0, batch, 2 * half, height, width).requires_grad_();
        Tensor above = Numbers(0, batch, half, height, width);
        Tensor beside = Numbers(0, batch, padded, height, width);

        (Tensor first, Tensor second) = FusedSplit.Compute(map, padded);
        autograd.backward([first, second], [above, beside]);

        Near(map.narrow(1, 0, half), first, 0);
        Near(map.narrow(1, half, half), second.narrow(1, 0, half), 0);
        Assert.Equal(0, second.narrow(1, half, padded - half).count_nonzero().item<long>());
        Near(cat([above, beside.narrow(1, 0, half)], 1), map.grad!, 0);
    }

    [Fact]
    public void Interleaving_ignores_padding_of_the_second_map()
    {
        Tensor first = Numbers(0, 2, 58, 3, 4).requires_grad_();
        Tensor second = Numbers(0, 2, 64, 3, 4).requires_grad_();
        Tensor upstream = Numbers(0, 2, 116, 3, 4);

        Tensor fused = FusedInterleave.Compute(first, second);
        fused.backward([upstream]);

        Near(stack([first, second.narrow(1, 0, 58)], 2).flatten(1, 2), fused, 0);
        Near(upstream.unflatten(1, [58, 2]).select(2, 1), second.grad!.narrow(1, 0, 58), 0);
        Assert.Equal(0, second.grad!.narrow(1, 58, 6).count_nonzero().item<long>());
    }

    [Fact]
    public void Max_pool_passes_NaN_on()
    {
        Tensor x = Numbers(0, 1, 16, 6, 6);
        x[0, 3, 2, 2] = float.NaN;

        Tensor pooled = FusedMaxPool.Compute(ChannelsLast.Convert(x)).to(float32);

        Assert.Equal(nn.functional.max_pool2d(x.to(float32), 3, 2, 1).isnan().sum().item<long>(), pooled.isnan().sum().item<long>());
    }

    [Fact]
    public void Batch_norm_passes_NaN_on()
    {
        Tensor x = Numbers(0, 2, 16, 6, 6);
        x[0, 3, 2, 2] = float.NaN;

        Tensor y = FusedNorm.Batch(Norm(16), ChannelsLast.Convert(x), null, Relu).to(float32);

        Assert.Equal(72, y.isnan().sum().item<long>()); // the whole channel, and no other
    }

    [Fact]
    public void The_pyramids_sum_is_libtorchs()
    {
        Tensor fine = Numbers(0, 2, 32, 6, 10);
        Tensor coarse = Numbers(0, 2, 32, 3, 5);
        Tensor upstream = Numbers(0, 2, 32, 6, 10);
        Tensor[] wide = [fine.to(float32).requires_grad_(), coarse.to(float32).requires_grad_()];
        Tensor y = wide[0] + nn.functional.interpolate(wide[1], size: [6, 10], mode: InterpolationMode.Nearest);
        y.backward([upstream.to(float32)]);
        Tensor[] narrow = [ChannelsLast.Convert(fine).detach().requires_grad_(), ChannelsLast.Convert(coarse).detach().requires_grad_()];
        Tensor fused = FusedUpsampleAdd.Compute(narrow[0], narrow[1]);
        fused.backward([upstream]);

        Near(y, fused, 0.01);
        Near(wide[0].grad!, narrow[0].grad!, 0);
        Near(wide[1].grad!, narrow[1].grad!, 0.01);
    }

    private Tensor Numbers(double far, params long[] shape) => (randn(shape, generator: Generator) + far).to(ScalarType.BFloat16).to(_type);

    private static BatchNorm2d Norm(int channels)
    {
        BatchNorm2d norm = nn.BatchNorm2d(channels);
        Fill(norm.weight!, norm.bias!);
        return norm;
    }

    private static void Fill(Parameter weight, Parameter bias)
    {
        using IDisposable guard = no_grad();
        weight.copy_(linspace(0.5, 1.5, weight.numel()));
        bias.copy_(linspace(-1, 1, bias.numel()));
    }

    private void Near(Tensor expected, Tensor actual, double tolerance)
    {
        using IDisposable guard = no_grad();
        Assert.Equal(expected.shape, actual.shape);
        double scale = Math.Max(1, expected.to(float32).abs().max().item<float>());
        double deviation = (expected.to(float32) - actual.to(float32)).abs().max().item<float>();
        Assert.True(deviation <= Math.Max(tolerance * _precision, tolerance > 0 ? 1e-5 : 0) * scale, $"deviates by {deviation}, scale {scale}");
    }
}
