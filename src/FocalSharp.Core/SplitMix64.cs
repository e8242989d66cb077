namespace FocalSharp;

/// <summary>The SplitMix64 generator (Steele, Lea and Flood 2014), for seeding and hashing.</summary>
internal static class SplitMix64
{
    /// <summary>The increment of the state: 2⁶⁴ divided by the golden ratio.</summary>
    public const ulong Increment = 0x9E3779B97F4A7C15;

    /// <summary>Returns the finalizer of a state: a bijection whose output bits depend on all input bits.</summary>
    public static ulong Mix(ulong state)
    {
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
        return state ^ (state >> 31);
    }
}
