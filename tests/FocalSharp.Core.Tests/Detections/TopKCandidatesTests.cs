using CsCheck;
using FocalSharp.Boxes;
using FocalSharp.Detections;

namespace FocalSharp.Core.Tests.Detections;

public sealed class TopKCandidatesTests
{
    // Many equal values, values that saturate to equal scores, and some NaN.
    private static readonly Gen<float> Logit = Gen.OneOf(
        Gen.Int[-3, 3].Select(i => (float)i), Gen.Float[-25, 25], Gen.Float[15, 19], Gen.OneOf(float.NaN, float.PositiveInfinity, float.NegativeInfinity, 100f));

    [Fact]
    public void The_best_pairs_are_those_of_a_full_sort_ties_included() =>
        Gen.Select(Logit.Array[1, 400], Gen.Int[1, 5], Gen.OneOf(0.0, 0.05, 0.5, 0.9999999), Gen.Int[0, 40], Gen.Bool).Sample(
            (logits, classes, threshold, max, areProbabilities) =>
            {
                float[] values = [.. logits[..(logits.Length / classes * classes)]];
                if (areProbabilities)
                {
                    values = Array.ConvertAll(values, logit => 1 / (1 + MathF.Exp(-logit)));
                }

                int area = values.Length / classes;
                DetectionDecoder decoder = new(classes, 7, scoresAreProbabilities: areProbabilities);
                using TopKCandidates selection = new(decoder, new PostprocessOptions { ScoreThreshold = threshold, MaxPerLevel = max });

                IEnumerable<(float Score, int Pair)> passing = values
                    .Select((value, at) => (Score: decoder.Score(value), Pair: (at % area * classes) + (at / area)))
                    .Where(pair => pair.Score > (float)threshold);
                ulong[] expected = [.. passing.OrderByDescending(pair => pair.Score).ThenBy(pair => pair.Pair).Take(max)
                    .Select(pair => ((ulong)Nms.DescendingKey(pair.Score) << 32) | (uint)pair.Pair)];
                Assert.Equal(expected, selection.Select(values, area).ToArray());
                Assert.Equal(expected, selection.Select(values, area).ToArray());
            },
            iter: 2000);
}
