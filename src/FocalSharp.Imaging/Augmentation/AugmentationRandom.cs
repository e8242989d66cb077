using System.Numerics;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>
/// The random numbers of a sample: xoshiro256**, seeded by SplitMix64 from seed, epoch and index. A sample depends only on these three, not
/// on the thread that creates it, and a resumed run draws the same samples. A mutable structure: pass it by reference.
/// </summary>
public struct AugmentationRandom
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    /// <summary>Initializes the stream of a sample.</summary>
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

    /// <summary>Returns 64 random bits.</summary>
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

    /// <summary>Returns a number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Returns a number in [low, high).</summary>
    public double Uniform(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Returns an integer in [0, bound); the bound is at least 1.</summary>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }

    /// <summary>Returns true with a probability. Draws exactly one number, so that switching one augmentation off does not change the others.</summary>
    public bool Chance(double probability) => NextDouble() < probability;
}
