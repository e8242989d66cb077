using CsCheck;
using FocalSharp.Boxes;

namespace FocalSharp.Core.Tests.Boxes;

public sealed class ScoreRadixSortTests
{
    [Fact]
    public void Ranks_equal_those_of_a_stable_sort_for_any_count()
    {
        Gen<float> score = Gen.OneOf(
            Gen.Int[-4, 4].Select(i => i / 4f), Gen.Float, Gen.OneOf(0f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon));
        score.Array[0, 1500].Sample(
            scores =>
            {
                int[] expected = [.. Enumerable.Range(0, scores.Length)
                    .OrderBy(i => float.IsNaN(scores[i]))
                    .ThenByDescending(i => scores[i])
                    .ThenBy(i => i)];
                using ScoreRadixSort order = new(scores);
                for (int rank = 0; rank < expected.Length; rank++)
                {
                    Assert.Equal(expected[rank], order[rank]);
                }
            },
            iter: 300);
    }

    [Fact]
    public void A_key_returns_its_score() =>
        Gen.Float.Where(score => !float.IsNaN(score)).Sample(score => Assert.Equal(score, Nms.ScoreOf(Nms.DescendingKey(score))));
}
