using CsCheck;
using FocalSharp.Imaging.Hashing;

namespace FocalSharp.Imaging.Tests.Hashing;

public sealed class PerceptualHashTests
{
    private const int Side = PerceptualHash.Side;

    [Fact]
    public void Is_the_signs_of_the_lowest_frequencies_against_their_median()
    {
        // cos(π·3·(2x+1)/64) is frequency 3 along x alone: its bit is set, and every other coefficient is 0 and so is the median.
        float[] gray = Make((x, _) => 100 + (50 * Math.Cos(Math.PI * 3 * ((2 * x) + 1) / (2 * Side))));

        (ulong hash, ulong mirrored) = PerceptualHash.Compute(Rounded(gray));

        Assert.Equal(1UL << 3, hash & (1UL << 3));
        Assert.Equal(0UL, mirrored & (1UL << 3));
        Assert.Equal(1UL << (2 * 8), PerceptualHash.Compute(Rounded(Make((_, y) => 9 * Math.Cos(Math.PI * 2 * ((2 * y) + 1) / (2 * Side))))).Hash & (1UL << (2 * 8)));
    }

    [Fact]
    public void Brightness_and_contrast_change_no_bit() => Gen.Int[0, 100_000].Sample(seed =>
    {
        float[] gray = Noise(seed);

        Assert.Equal(PerceptualHash.Compute(gray), PerceptualHash.Compute([.. gray.Select(value => (value * 0.5f) + 32)]));
    });

    [Fact]
    public void The_mirrored_hash_is_the_hash_of_the_mirrored_picture() => Gen.Int[0, 100_000].Sample(seed =>
    {
        float[] gray = Noise(seed);
        float[] turned = [.. Enumerable.Range(0, Side * Side).Select(i => gray[(i / Side * Side) + Side - 1 - (i % Side)])];

        (ulong hash, ulong mirrored) = PerceptualHash.Compute(gray);
        (ulong turnedHash, ulong turnedMirrored) = PerceptualHash.Compute(turned);

        // Rounding may decide the one coefficient that is the median.
        Assert.InRange(PerceptualHash.Distance(mirrored, turnedHash), 0, 1);
        Assert.InRange(PerceptualHash.Distance(hash, turnedMirrored), 0, 1);
    });

    [Fact]
    public void Pictures_that_have_nothing_in_common_differ_in_half_of_the_bits()
    {
        double mean = Enumerable.Range(0, 200).Average(i => PerceptualHash.Distance(PerceptualHash.Compute(Noise(i)).Hash, PerceptualHash.Compute(Noise(i + 1000)).Hash));

        Assert.InRange(mean, 28, 36);
    }

    private static float[] Make(Func<int, int, double> value) => [.. Enumerable.Range(0, Side * Side).Select(i => (float)value(i % Side, i / Side))];

    // So that what is 0 by algebra is 0: the cosine sums of a rounded picture are small, never its own coefficient.
    private static float[] Rounded(float[] gray) => [.. gray.Select(value => MathF.Round(value * 16) / 16)];

    private static float[] Noise(int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, Side * Side).Select(_ => (float)random.Next(256))];
    }
}
