using FocalSharp.Imaging.Augmentation;

namespace FocalSharp.Training.Data;

/// <summary>
/// Random streams that depend only on the seed, the epoch and a position, not on threads or on earlier draws.
/// </summary>
internal static class SampleSeeds
{
    public static AugmentationRandom ForEpoch(int seed, int epoch) =>
        CreateStream(Mix(Mix((ulong)(uint)seed + 0x5eed) + (ulong)epoch));

    public static AugmentationRandom ForBatch(int seed, int epoch, int batch) =>
        CreateStream(Mix(Mix(Mix((ulong)(uint)seed + 0xba7c) + (ulong)epoch) + (ulong)batch));

    public static AugmentationRandom ForSample(int seed, int epoch, int batch, int position) =>
        CreateStream(Mix(Mix(Mix(Mix((ulong)(uint)seed) + (ulong)epoch) + (ulong)batch) + (ulong)position));

    private static AugmentationRandom CreateStream(ulong key) => new(unchecked((long)key));

    private static ulong Mix(ulong value) => SplitMix64.Mix(value + SplitMix64.Increment);
}
