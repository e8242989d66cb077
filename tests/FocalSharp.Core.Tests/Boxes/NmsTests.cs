using CsCheck;
using FocalSharp.Boxes;

namespace FocalSharp.Core.Tests.Boxes;

public sealed class NmsTests
{
    private static readonly Gen<(Box Box, float Score, int Label)> Candidate = Gen.Select(
        Gen.Float[0, 60],
        Gen.Float[0, 60],
        Gen.Float[0, 40],
        Gen.Float[0, 40],
        Gen.Int[0, 20].Select(score => score / 20f),
        Gen.Int[0, 3],
        (x, y, w, h, score, label) => (new Box(x, y, x + w, y + h), score, label));

    [Fact]
    public void Selection_equals_the_simple_loop_over_offset_boxes() =>
        Gen.Select(Candidate.Array[0, 80], Gen.OneOf(0.0, 0.3, 0.6, 1.0), Gen.Float[-30, 0]).Sample(
            (candidates, threshold, shift) =>
            {
                // Negative coordinates reach into the place of the class before, where the official offsets let them suppress too.
                (float[] boxes, float[] scores, int[] labels) = Arrays(candidates, shift);
                Assert.Equal(SelectReference(boxes, scores, labels, threshold), Nms.Select(boxes, scores, labels, threshold));
            },
            iter: 500);

    [Fact]
    public void Clusters_of_one_class_are_suppressed_as_in_the_simple_loop() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[480, 1200], Gen.Float[0, 4], Gen.OneOf(0.3, 0.6, 0.9), Gen.Int[0, 1 << 20]).Sample(
            (heaps, count, spread, threshold, seed) =>
            {
                Random random = new(seed);
                float[] boxes = new float[4 * count];
                float[] scores = new float[count];
                for (int i = 0; i < count; i++)
                {
                    float place = 200 * random.Next(heaps);
                    (boxes[4 * i], boxes[(4 * i) + 1]) = (place + (spread * random.NextSingle()), spread * random.NextSingle());
                    (boxes[(4 * i) + 2], boxes[(4 * i) + 3]) = (place + 20 - (spread * random.NextSingle()), 20 - (spread * random.NextSingle()));
                    scores[i] = random.Next(12) == 0 ? float.NaN : random.Next(30) / 30f;
                }

                float[] ranked = Array.ConvertAll(scores, score => float.IsNaN(score) ? -1 : score);
                Assert.Equal(SelectReference(boxes, ranked, new int[count], threshold), Nms.Select(boxes, scores, [], threshold));
            },
            iter: 100);

    [Fact]
    public void A_limit_returns_the_first_part_of_the_selection() =>
        Gen.Select(Candidate.Array[0, 60], Gen.Int[0, 20]).Sample((candidates, max) =>
        {
            (float[] boxes, float[] scores, int[] labels) = Arrays(candidates, 0);
            Assert.Equal(Nms.Select(boxes, scores, labels, 0.5).Take(max), Nms.Select(boxes, scores, labels, 0.5, max));
        });

    [Fact]
    public void An_overlap_of_exactly_the_threshold_stays()
    {
        float[] boxes = [0, 0, 2, 1, 0, 0, 1, 1];

        Assert.Equal([0, 1], Nms.Select(boxes, [0.9f, 0.8f], [], 0.5));
        Assert.Equal([0], Nms.Select(boxes, [0.9f, 0.8f], [], 0.49));
    }

    [Fact]
    public void Equal_scores_retain_their_order() => Assert.Equal([1, 0, 2], Nms.Select(
        [0, 0, 1, 1, 5, 5, 6, 6, 9, 9, 10, 10], [0.5f, 0.7f, 0.5f], [0, 0, 0], 0.6));

    [Fact]
    public void Only_equal_labels_suppress_each_other() => Assert.Equal([0, 1], Nms.Select(
        [0, 0, 9, 9, 0, 0, 9, 9, 0, 0, 9, 9], [0.9f, 0.8f, 0.7f], [0, 1, 1], 0.6));

    [Fact]
    public void Empty_boxes_and_NaN_scores_are_handled()
    {
        int[] retained = Nms.Select([1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 4, 4], [float.NaN, 0.2f, 0.9f], [], 0.5);

        Assert.Equal([2, 1, 0], retained);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(700)] // more than the prefilter's minimum
    public void Boxes_with_an_edge_that_is_not_finite_suppress_as_in_the_simple_loop(int count) =>
        Gen.Int[0, 1 << 20].Sample(
            seed =>
            {
                Random random = new(seed);
                float[] odd = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f];
                float[] boxes = [.. Enumerable.Range(0, 4 * count).Select(k => random.Next(10) == 0 ? odd[random.Next(odd.Length)] : (10 * (k % 4 / 2)) + random.Next(4))];
                float[] scores = [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];

                Assert.Equal(SelectReference(boxes, scores, new int[count], 0.3), Nms.Select(boxes, scores, [], 0.3));
            },
            iter: 50);

    [Fact]
    public void Many_boxes_are_suppressed_by_class_even_if_their_offsets_overlap()
    {
        // All boxes of class 1 lie, after their offset, upon those of class 0: with few boxes they suppress each other.
        float[] few = [-4, 0, -1, 3, -8, 0, -5, 3];
        Assert.Equal([0], Nms.Select([-4, -4, -1, -1, -4, -4, -1, -1], [0.9f, 0.8f], [0, 1], 0.6));

        float[] many = [.. Enumerable.Repeat(few, Nms.SplitCount / 2).SelectMany(pair => pair)];
        float[] scores = new float[many.Length / 4];
        int[] labels = [.. scores.Select((_, i) => i % 2)];
        Assert.Equal([0, 1], Nms.Select(many, scores, labels, 0.6));
    }

    private static (float[] Boxes, float[] Scores, int[] Labels) Arrays((Box Box, float Score, int Label)[] candidates, float shift) => (
        [.. candidates.SelectMany(c => new[] { c.Box.X1 + shift, c.Box.Y1 + shift, c.Box.X2 + shift, c.Box.Y2 + shift })],
        [.. candidates.Select(c => c.Score)],
        [.. candidates.Select(c => c.Label)]);

    private static List<int> SelectReference(float[] boxes, float[] scores, int[] labels, double threshold)
    {
        float unit = boxes.Length == 0 ? 1 : boxes.Max() + 1;
        float[] moved = [.. boxes.Select((edge, i) => labels[i / 4] == 0 ? edge : edge + (labels[i / 4] * unit))];
        List<int> retained = [];
        foreach (int i in Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]))
        {
            if (!retained.Exists(k => Iou(moved, k, i) > (float)threshold))
            {
                retained.Add(i);
            }
        }

        return retained;
    }

    private static float Iou(float[] boxes, int a, int b)
    {
        Box left = new(boxes[4 * a], boxes[(4 * a) + 1], boxes[(4 * a) + 2], boxes[(4 * a) + 3]);
        Box right = new(boxes[4 * b], boxes[(4 * b) + 1], boxes[(4 * b) + 2], boxes[(4 * b) + 3]);
        float width = Math.Max(Math.Min(left.X2, right.X2) - Math.Max(left.X1, right.X1), 0);
        float height = Math.Max(Math.Min(left.Y2, right.Y2) - Math.Max(left.Y1, right.Y1), 0);
        float inter = width * height;
        return inter / ((left.Width * left.Height) + (right.Width * right.Height) - inter);
    }
}
