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
        ulong state = Mix(Mix(Mix((ulong)seed) + (uint)epoch) + (uint)index);
        _a = Mix(state += GoldenRatio);
        _b = Mix(state += GoldenRatio);
        _c = Mix(state += GoldenRatio);
        _d = Mix(state + GoldenRatio);
    }

    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;

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

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
