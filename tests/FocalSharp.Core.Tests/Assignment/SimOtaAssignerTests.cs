using FocalSharp.Assignment;
using FocalSharp.Boxes;

namespace FocalSharp.Core.Tests.Assignment;

public sealed class SimOtaAssignerTests
{
    private const int Classes = 3;

    private static readonly AnchorGrid Grid = AnchorGrid.Create([8, 16], [(12, 9), (6, 5)], scale: 5, centerOffset: 0.5);

    [Fact]
    public void Equals_the_definition_written_out_in_full()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            (GroundTruth truth, float[] logits, float[] predicted) = Draw(seed, objects: seed % 6);
            AnchorAssignment actual = new SimOtaAssigner().Assign(Grid, truth, new AnchorPredictions(logits, predicted));
            (int[] owners, double[] overlaps) = Reference(truth, logits, predicted);
            Assert.Equal(owners, actual.ToDense(Grid.Count));
            for (int i = 0; i < actual.Count; i++)
            {
                Assert.Equal(overlaps[actual.Anchors[i]], actual.Overlaps[i], 1e-5);
                Assert.Equal(truth.Labels[actual.GroundTruths[i]], actual.Labels[i]);
            }
        }
    }

    [Fact]
    public void An_object_between_all_locations_still_gets_one_of_its_center_square()
    {
        (_, float[] logits, float[] predicted) = Draw(3, objects: 0);
        GroundTruth truth = new([5, 5, 7, 7], [1], 96, 72);
        AnchorAssignment actual = new SimOtaAssigner().Assign(Grid, truth, new AnchorPredictions(logits, predicted));
        Assert.Equal(1, actual.Count);
        (float x, float y) = Grid.Center(actual.Anchors[0]);
        float radius = 2.5f * Grid.Levels[Grid.LevelOf(actual.Anchors[0])].Stride;
        Assert.True(Math.Abs(x - 6) < radius && Math.Abs(y - 6) < radius);
    }

    [Fact]
    public void Predictions_that_are_not_finite_are_handled()
    {
        (GroundTruth truth, float[] logits, float[] predicted) = Draw(9, objects: 3);
        Array.Fill(logits, float.NaN);
        Array.Fill(predicted, float.PositiveInfinity);
        AnchorAssignment actual = new SimOtaAssigner().Assign(Grid, truth, new AnchorPredictions(logits, predicted));
        Assert.NotEqual(0, actual.Count);
        Assert.All(actual.Overlaps, overlap => Assert.Equal(0, overlap));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        foreach (SimOtaOptions options in new SimOtaOptions[] { new() { TopK = 0 }, new() { IouWeight = -1 }, new() { ClassWeight = double.NaN }, new() { CenterRadius = 0 } })
        {
            Assert.Throws<OptionException>(options.Validate);
        }
    }

    /// <summary>Dense matrices in double precision, step by step as the method is described.</summary>
    private static (int[] Owners, double[] Overlaps) Reference(GroundTruth truth, float[] logits, float[] predicted)
    {
        int objects = truth.Count;
        bool In(int anchor, int k) => Within(anchor, BoxAt(truth.Boxes, k));
        bool InSquare(int anchor, int k)
        {
            double radius = 2.5 * Grid.Levels[Grid.LevelOf(anchor)].Stride;
            Box box = BoxAt(truth.Boxes, k);
            (float x, float y) = Grid.Center(anchor);
            return Math.Abs(x - ((box.X1 + box.X2) / 2)) < radius && Math.Abs(y - ((box.Y1 + box.Y2) / 2)) < radius;
        }

        int[] candidates = [.. Enumerable.Range(0, Grid.Count).Where(anchor => Enumerable.Range(0, objects).Any(k => In(anchor, k) || InSquare(anchor, k)))];
        double[,] iou = new double[candidates.Length, objects];
        double[,] cost = new double[candidates.Length, objects];
        for (int i = 0; i < candidates.Length; i++)
        {
            for (int k = 0; k < objects; k++)
            {
                Box box = BoxAt(predicted, candidates[i]);
                iou[i, k] = BoxIou.Iou(box, BoxAt(truth.Boxes, k));
                for (int c = 0; c < Classes; c++)
                {
                    double p = 1 / (1 + Math.Exp(-logits[(c * Grid.Count) + candidates[i]]));
                    double q = c == truth.Labels[k] ? iou[i, k] : 0;
                    double entropy = -((q * Math.Log(p)) + ((1 - q) * Math.Log(1 - p)));
                    cost[i, k] += q > 0 ? q * entropy : 0.75 * p * p * entropy;
                }

                cost[i, k] += 6 * (1 - BoxIou.Giou(box, BoxAt(truth.Boxes, k)));
                cost[i, k] += In(candidates[i], k) && InSquare(candidates[i], k) ? 0 : 1e8;
            }
        }

        bool[,] matched = new bool[candidates.Length, objects];
        for (int k = 0; k < objects && candidates.Length > 0; k++)
        {
            int wanted = Math.Max(1, (int)Enumerable.Range(0, candidates.Length).Select(i => iou[i, k]).OrderDescending().Take(10).Sum());
            foreach (int i in Enumerable.Range(0, candidates.Length).OrderBy(i => (float)cost[i, k]).Take(wanted))
            {
                matched[i, k] = true;
            }
        }

        int[] owners = new int[Grid.Count];
        double[] overlaps = new double[Grid.Count];
        for (int i = 0; i < candidates.Length; i++)
        {
            int[] own = [.. Enumerable.Range(0, objects).Where(k => matched[i, k])];
            if (own.Length > 0)
            {
                int k = own.Length == 1 ? own[0] : Enumerable.Range(0, objects).MinBy(k => (float)cost[i, k]);
                (owners[candidates[i]], overlaps[candidates[i]]) = (k + 1, iou[i, k]);
            }
        }

        return (owners, overlaps);
    }

    private static bool Within(int anchor, Box box)
    {
        (float x, float y) = Grid.Center(anchor);
        return x > box.X1 && y > box.Y1 && x < box.X2 && y < box.Y2;
    }

    private static Box BoxAt(float[] boxes, int index) => new(boxes[4 * index], boxes[(4 * index) + 1], boxes[(4 * index) + 2], boxes[(4 * index) + 3]);

    private static (GroundTruth Truth, float[] Logits, float[] Predicted) Draw(int seed, int objects)
    {
        Random random = new(seed);
        float[] boxes = [.. Enumerable.Range(0, objects).SelectMany(_ =>
        {
            float x = 80 * random.NextSingle();
            float y = 60 * random.NextSingle();
            return new[] { x, y, x + 4 + (50 * random.NextSingle()), y + 4 + (40 * random.NextSingle()) };
        })];
        float[] predicted = new float[4 * Grid.Count];
        for (int anchor = 0; anchor < Grid.Count; anchor++)
        {
            (float x, float y) = Grid.Center(anchor);
            predicted[4 * anchor] = x - (30 * random.NextSingle());
            predicted[(4 * anchor) + 1] = y - (25 * random.NextSingle());
            predicted[(4 * anchor) + 2] = x + (30 * random.NextSingle());
            predicted[(4 * anchor) + 3] = y + (25 * random.NextSingle());
        }

        return (
            new GroundTruth(boxes, [.. Enumerable.Range(0, objects).Select(_ => random.Next(Classes))], 96, 72),
            [.. Enumerable.Range(0, Classes * Grid.Count).Select(_ => (6 * random.NextSingle()) - 4)],
            predicted);
    }
}
