using System.Numerics;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>
/// The random numbers of one augmented sample: xoshiro256**, seeded by SplitMix64 from seed, epoch and index, so a sample is a
/// function of the three whatever thread makes it, and a resumed run sees what an unbroken one would have seen. A mutable
/// structure: pass it by reference.
/// </summary>
public struct AugmentationRandom
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    /// <summary>Starts the stream of one sample.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="index">The sample's index in its data set, from 0.</param>
    public AugmentationRandom(long seed, int epoch = 0, int index = 0)
    {
        ulong state = SplitMix64.Mix(SplitMix64.Mix(SplitMix64.Mix((ulong)seed) + (uint)epoch) + (uint)index);
        _a = SplitMix64.Mix(state += SplitMix64.Increment);
        _b = SplitMix64.Mix(state += SplitMix64.Increment);
        _c = SplitMix64.Mix(state += SplitMix64.Increment);
        _d = SplitMix64.Mix(state + SplitMix64.Increment);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        ulong shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number in [low, high).</summary>
    public double Uniform(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>A whole number in [0, bound); the bound is at least 1.</summary>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }

    /// <summary>True with a probability. Draws exactly one number, so that a switched-off step leaves the later ones alike.</summary>
    public bool Chance(double probability) => NextDouble() < probability;
}
