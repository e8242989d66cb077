namespace FocalSharp.Synthetic;

/// <summary>
/// The random number generator of the scenes (SplitMix64; Steele, Lea and Flood 2014). An image depends only on its seed, not on the .NET
/// version or the thread.
/// </summary>
internal sealed class SceneRandom(ulong state)
{
    private ulong _state = state;

    /// <summary>Creates the generator of one image, independent of the other images.</summary>
    public static SceneRandom Create(long seed, int split, int index)
    {
        ulong state = SplitMix64.Mix((ulong)seed + SplitMix64.Increment);
        state = SplitMix64.Mix(state ^ ((ulong)(uint)split << 32 | (uint)index));
        return new SceneRandom(state);
    }

    /// <summary>Returns 64 random bits.</summary>
    public ulong NextUInt64()
    {
        _state += SplitMix64.Increment;
        return SplitMix64.Mix(_state);
    }

    /// <summary>Returns a uniform number in [0, 1).</summary>
    public float NextSingle() => (NextUInt64() >> 40) * (1f / (1 << 24));

    /// <summary>Returns a uniform number in [low, high).</summary>
    public float NextSingleInRange(float low, float high) => low + ((high - low) * NextSingle());

    /// <summary>Returns a uniform integer from 0 to count − 1.</summary>
    public int NextInt32(int count) => (int)(((NextUInt64() >> 32) * (ulong)count) >> 32);

    /// <summary>Returns true with the given probability.</summary>
    public bool NextBoolean(float probability) => NextSingle() < probability;

    /// <summary>Returns an index with a probability proportional to its weight.</summary>
    public int NextWeightedIndex(IReadOnlyList<float> weights)
    {
        float left = NextSingle() * weights.Sum();
        for (int i = 0; i < weights.Count - 1; i++)
        {
            left -= weights[i];
            if (left < 0)
            {
                return i;
            }
        }

        return weights.Count - 1;
    }
}
