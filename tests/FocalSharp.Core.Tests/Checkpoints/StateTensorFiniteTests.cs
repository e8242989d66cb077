using System.Runtime.InteropServices;
using FocalSharp.Checkpoints;

namespace FocalSharp.Core.Tests.Checkpoints;

public sealed class StateTensorFiniteTests
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_value_that_is_not_finite_is_found_in_every_float_type(float value)
    {
        Assert.False(Create(ElementType.F32, [1f, value, 2f]).IsFinite());
        Assert.False(Create(ElementType.F64, [1d, value, 2d]).IsFinite());
        Assert.False(Create(ElementType.F16, [(Half)1, (Half)value]).IsFinite());
        Assert.False(Create(ElementType.BF16, [(ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)]).IsFinite());
    }

    [Fact]
    public void The_largest_values_are_finite()
    {
        Assert.True(Create(ElementType.F32, [float.MaxValue, float.MinValue, float.Epsilon, -0f]).IsFinite());
        Assert.True(Create(ElementType.F64, [double.MaxValue, double.MinValue]).IsFinite());
        Assert.True(Create(ElementType.F16, [Half.MaxValue, Half.MinValue]).IsFinite());
        Assert.True(Create(ElementType.BF16, [(ushort)0x7F7F, (ushort)0xFF7F]).IsFinite());
        Assert.True(Create(ElementType.I64, [-1L, long.MaxValue]).IsFinite());
        Assert.True(Create<float>(ElementType.F32, []).IsFinite());
    }

    private static StateTensor Create<T>(ElementType type, T[] values)
        where T : unmanaged => new(type, [values.Length], MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
}
