using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Native;

public sealed class AutocastTests
{
    [Fact]
    public void Scopes_nest_and_restore_what_they_found()
    {
        Assert.SkipUnless(Autocast.IsNative, "this libtorch does not export its autocast");
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(1, 16, 4, 4);
        Tensor w = ones(16, 16, 3, 3);
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

        ScalarType Type() => nn.functional.conv2d(x, w).dtype;
    }

    [Fact]
    public void Weights_changed_between_scopes_are_cast_anew()
    {
        Assert.SkipUnless(Autocast.IsNative, "this libtorch does not export its autocast");
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(1, 16, 4, 4);
        Tensor w = ones(16, 16, 3, 3).requires_grad_();
        Tensor before = Convolve();
        using (no_grad())
        {
            w.zero_();
        }

        Assert.Equal(144, before.item<float>());
        Assert.Equal(0, Convolve().item<float>());

        Tensor Convolve()
        {
            using Autocast autocast = Autocast.Enter(Precision.BFloat16);
            return nn.functional.conv2d(x, w)[0, 0, 0, 0].to(ScalarType.Float32);
        }
    }

    [Theory]
    [InlineData("flags\t\t: fpu sse avx512f avx512_bf16", true)]
    [InlineData("flags\t\t: fpu amx_bf16 sse", true)]
    [InlineData("flags\t\t: fpu sse avx512f", false)]
    [InlineData("model name\t: avx512_bf16", false)]
    public void Bfloat16_is_found_among_the_cpu_flags(string line, bool expected) =>
        Assert.Equal(expected, PrecisionSupport.NamesBFloat16(["processor\t: 0", line]));

    [Fact]
    public void Auto_is_decided_by_the_cpu_and_nothing_else_is_changed()
    {
        Assert.Equal(
            PrecisionSupport.HasNativeBFloat16 ? Precision.BFloat16 : Precision.Float32, Precision.Auto.Resolve());
        Assert.Equal(Precision.BFloat16, Precision.BFloat16.Resolve());
        Assert.Equal(Precision.Float32, Precision.Float32.Resolve());
        Assert.Equal(Precision.Float32, Precision.Auto.Resolve(DeviceType.CUDA));
    }
}
