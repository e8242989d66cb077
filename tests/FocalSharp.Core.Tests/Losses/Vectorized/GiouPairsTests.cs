using CsCheck;
using FocalSharp.Losses;
using FocalSharp.Losses.Vectorized;

namespace FocalSharp.Core.Tests.Losses.Vectorized;

public sealed class GiouPairsTests
{
    // Small whole numbers among others, so that edges meet and boxes are empty, inverted, equal and apart.
    private static readonly Gen<float> Edge = Gen.OneOf(Gen.Int[-3, 3].Select(i => (float)i), Gen.Float[-50, 50], Gen.OneOf(0f, -0f, 1e-4f, 1e4f));

    [Fact]
    public void Every_pair_equals_the_closed_form_to_the_last_bit() =>
        Gen.Select(Edge.Array[8].Array[0, 70], Gen.OneOf(1e-6f, 1e-7f, 1f)).Sample(
            (pairs, epsilon) =>
            {
                float[] predicted = [.. pairs.SelectMany(pair => pair[..4])];
                float[] target = [.. pairs.SelectMany(pair => pair[4..])];
                (float[] losses, float[] slopes) = (new float[pairs.Length], new float[4 * pairs.Length]);
                (float[] plainLosses, float[] plainSlopes) = (new float[pairs.Length], new float[4 * pairs.Length]);
                GiouPairs.Evaluate(predicted, target, losses, slopes, epsilon);
                BoxLossFormula.EvaluateMany<float>(BoxLossKind.Giou, predicted, target, plainLosses, plainSlopes, [], epsilon);
                Assert.Equal(plainLosses, losses);
                Assert.Equal(plainSlopes, slopes);
            },
            iter: 2000);

    [Fact]
    public void A_NaN_edge_affects_its_own_pair_only()
    {
        float[] boxes = [.. Enumerable.Repeat<float[]>([0, 0, 4, 4], 20).SelectMany(box => box)];
        float[] broken = [.. boxes];
        broken[4 * 17] = float.NaN;
        (float[] losses, float[] slopes) = (new float[20], new float[80]);
        GiouPairs.Evaluate(broken, boxes, losses, slopes, 1e-6f);
        Assert.Equal([17], Enumerable.Range(0, 20).Where(i => float.IsNaN(losses[i])));
        Assert.All(Enumerable.Range(0, 20).Where(i => i != 17), i => Assert.Equal(0, losses[i]));
    }
}
