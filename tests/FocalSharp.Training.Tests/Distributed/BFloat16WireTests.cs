using System.Runtime.InteropServices;
using FocalSharp.Training.Distributed;
using FocalSharp.Training.Tests.Distributed.Support;

namespace FocalSharp.Training.Tests.Distributed;

public sealed class BFloat16WireTests
{
    // bfloat16 has 8 significant bits: rounding to nearest changes a value by at most 2^-8 of it.
    private const double UnitRoundoff = 1.0 / 256;

    [Theory]
    [InlineData(1f, 0x3F80)]
    [InlineData(1.00390625f, 0x3F80)] // 1 + 2^-8, a tie: to even
    [InlineData(1.01171875f, 0x3F82)] // 1 + 3 * 2^-8, a tie: to even
    [InlineData(1.005f, 0x3F81)]
    [InlineData(-2.5f, 0xC020)]
    [InlineData(0f, 0)]
    [InlineData(float.PositiveInfinity, 0x7F80)]
    [InlineData(float.MaxValue, 0x7F80)] // rounds to infinity
    public void Values_are_rounded_to_nearest_even(float value, int expected)
    {
        foreach (int length in new[] { 1, 64, 71 }) // without vectors, with vectors, with both
        {
            ushort[] packed = new ushort[length];
            BFloat16Wire.Pack([.. Enumerable.Repeat(value, length)], packed);
            Assert.All(packed, bits => Assert.Equal(expected, bits));
        }
    }

    [Fact]
    public void Not_a_number_stays_one()
    {
        float[] values = new float[71];
        Array.Fill(values, BitConverter.UInt32BitsToSingle(0x7F800001)); // its bits above 16 alone would be infinity
        ushort[] packed = new ushort[values.Length];
        BFloat16Wire.Pack(values, packed);
        Array.Clear(values);
        BFloat16Wire.Add(packed, values);

        Assert.All(values, value => Assert.True(float.IsNaN(value)));
    }

    [Theory]
    [InlineData(2, 1000)]
    [InlineData(3, 1001)] // parts of different size
    [InlineData(4, 3)] // fewer values than ranks
    public void Sums_are_within_the_rounding_and_the_same_bits_on_all_ranks(int size, int length)
    {
        float[][] sent = [.. Enumerable.Range(0, size).Select(rank => Enumerable.Range(0, length).Select(i => (float)(Math.Sin((i * 7.3) + rank) * Math.Exp(i % 11))).ToArray())];

        float[][] results = InProcessRanks.Run(size, ranks =>
        {
            BFloat16Wire wire = new(ranks);
            float[] values = [.. sent[ranks.Rank]];
            wire.AllReduceSum(values.AsSpan(0, Math.Min(2, length))); // buffers grow
            sent[ranks.Rank].CopyTo(values, 0);
            wire.AllReduceSum(values);
            return values;
        });

        Assert.All(results, result => Assert.True(MemoryMarshal.AsBytes(result.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(results[0].AsSpan()))));
        for (int i = 0; i < length; i++)
        {
            double sum = sent.Sum(values => (double)values[i]);
            double parts = sent.Sum(values => Math.Abs((double)values[i]));
            Assert.Equal(sum, results[0][i], (UnitRoundoff * (parts + Math.Abs(sum)) * 1.01) + 1e-30);
        }
    }
}
