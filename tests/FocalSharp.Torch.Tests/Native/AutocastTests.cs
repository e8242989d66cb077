using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Native;

public sealed class AutocastTests
{
    [Fact]
    public void Scopes_nest_and_restore_what_they_found()
    {
        using DisposeScope scope = NewDisposeScope();
        using ConvLayer layer = Ones();
        Tensor x = ones(1, 16, 4, 4);
        Assert.Equal(ScalarType.Float32, Type());
        using (Autocast.Enter(Precision.BFloat16))
        {
            Assert.Equal(ScalarType.BFloat16, Type());
            using (Autocast.Enter(Precision.Float32))
            {
                Assert.Equal(ScalarType.Float32, Type());
            }

            Assert.Equal(ScalarType.BFloat16, Type());
        }

        Assert.Equal(ScalarType.Float32, Type());

        ScalarType Type() => layer.call(x).dtype;
    }

    [Fact]
    public void Weights_changed_between_scopes_are_cast_anew()
    {
        using DisposeScope scope = NewDisposeScope();
        using ConvLayer layer = Ones();
        Tensor x = ones(1, 16, 4, 4);
        Tensor before = Convolve();
        using (no_grad())
        {
            layer.Weight.zero_();
        }

        Assert.Equal(144, before.item<float>());
        Assert.Equal(0, Convolve().item<float>());

        Tensor Convolve()
        {
            using Autocast autocast = Autocast.Enter(Precision.BFloat16);
            return layer.call(x)[0, 0, 1, 1].to(ScalarType.Float32);
        }
    }

    [Fact]
    public void Weights_are_cast_once_in_a_scope_while_other_threads_run()
    {
        using DisposeScope scope = NewDisposeScope();
        using ConvLayer layer = new(16, 16, 3);
        Initialization.Normal(layer.Weight, 1, new Generator(1));
        Tensor x = randn([1, 16, 8, 8], generator: new Generator(2));
        float[] alone = Gradient(() => { });

        Assert.Equal(alone, Gradient(() => OnOtherThread(() => Autocast.Enter(Precision.BFloat16).Dispose())));
        Assert.Equal(alone, Gradient(() => Autocast.Enter(Precision.Float32).Dispose()));

        // Ten gradients of one cast weight add up in bfloat16; if it were cast again in between, they would partly add up in float32.
        float[] Gradient(Action between)
        {
            layer.zero_grad();
            using Autocast autocast = Autocast.Enter(Precision.BFloat16);
            Tensor sum = zeros(1);
            for (int call = 0; call < 10; call++)
            {
                sum = sum + (layer.call(x * (1 + (0.37 * call))).to(ScalarType.Float32) * x).sum();
                between();
            }

            sum.backward();
            return layer.Weight.grad!.data<float>().ToArray();
        }
    }

    // Leaf 0 returns the highest leaf, leaf 7 the highest subleaf, and bit 5 of EAX of subleaf 1 is AVX512_BF16.
    [Theory]
    [InlineData(22, 1, 1 << 5, true, true)]
    [InlineData(22, 1, 1 << 4, true, false)]
    [InlineData(22, 0, 1 << 5, true, false)]
    [InlineData(6, 1, 1 << 5, true, false)]
    [InlineData(22, 1, 1 << 5, false, false)]
    public void Bfloat16_is_found_by_the_identification_of_the_cpu(int highest, int subleaves, int features, bool hasAvx512, bool expected) =>
        Assert.Equal(expected, PrecisionSupport.ComputesBFloat16((leaf, subleaf) => (leaf == 0 ? highest : subleaf == 0 ? subleaves : features, 0, 0, 0), hasAvx512));

    [Fact]
    public void Auto_is_decided_by_the_cpu_and_nothing_else_is_changed()
    {
        Assert.Equal(
            PrecisionSupport.HasNativeBFloat16 ? Precision.BFloat16 : Precision.Float32, Precision.Auto.Resolve());
        Assert.Equal(Precision.BFloat16, Precision.BFloat16.Resolve());
        Assert.Equal(Precision.Float32, Precision.Float32.Resolve());
        Assert.Equal(Precision.Float32, Precision.Auto.Resolve(DeviceType.CUDA));
    }

    private static ConvLayer Ones()
    {
        ConvLayer layer = new(16, 16, 3, bias: false);
        using IDisposable guard = no_grad();
        layer.Weight.fill_(1);
        return layer;
    }

    private static void OnOtherThread(Action action)
    {
        Thread thread = new(() => action());
        thread.Start();
        thread.Join();
    }
}
