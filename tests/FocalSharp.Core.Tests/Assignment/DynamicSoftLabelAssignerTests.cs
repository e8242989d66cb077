using FocalSharp.Assignment;
using FocalSharp.Boxes;

namespace FocalSharp.Core.Tests.Assignment;

public sealed class DynamicSoftLabelAssignerTests
{
    private const int Classes = 4;

    private static readonly AnchorGrid Grid = AnchorGrid.Create([8, 16], [(12, 9), (6, 5)], scale: 5);

    [Fact]
    public void Equals_the_definition_written_out_in_full()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            Scene scene = Scene.Draw(seed, objects: seed % 7);
            AnchorAssignment actual = new DynamicSoftLabelAssigner().Assign(Grid, scene.Boxes, scene.Labels, scene.Logits, scene.Predicted);
            (int[] owners, double[] overlaps) = ReferenceAssign(scene);
            Assert.Equal(owners, actual.ToDense(Grid.Count));
            for (int i = 0; i < actual.Count; i++)
            {
                Assert.Equal(overlaps[actual.Anchors[i]], actual.Overlaps[i], 1e-5);
                Assert.Equal(scene.Labels[actual.GroundTruths[i]], actual.Labels[i]);
            }
        }
    }

    [Fact]
    public void Every_object_that_covers_a_location_of_its_own_gets_one()
    {
        Scene scene = Scene.Draw(5, objects: 0);
        AnchorAssignment actual = new DynamicSoftLabelAssigner().Assign(
            Grid, [3, 3, 20, 20, 60, 40, 90, 66], [0, 3], scene.Logits, scene.Predicted);
        Assert.Equal([0, 1], actual.GroundTruths.Distinct().Order());
    }

    [Fact]
    public void Objects_between_all_locations_get_none()
    {
        Scene scene = Scene.Draw(5, objects: 0);
        AnchorAssignment actual = new DynamicSoftLabelAssigner().Assign(Grid, [1, 1, 7, 7], [2], scene.Logits, scene.Predicted);
        Assert.Equal(0, actual.Count);
    }

    [Fact]
    public void Predictions_that_are_not_finite_are_handled()
    {
        Scene scene = Scene.Draw(9, objects: 3);
        Array.Fill(scene.Logits, float.NaN);
        Array.Fill(scene.Predicted, float.PositiveInfinity);
        AnchorAssignment actual = new DynamicSoftLabelAssigner().Assign(Grid, scene.Boxes, scene.Labels, scene.Logits, scene.Predicted);
        Assert.NotEqual(0, actual.Count);
        Assert.All(actual.Overlaps, overlap => Assert.Equal(0, overlap));
    }

    /// <summary>Dense matrices in double precision, step by step as the method is described.</summary>
    private static (int[] Owners, double[] Overlaps) ReferenceAssign(Scene scene)
    {
        int objects = scene.Labels.Length;
        int[] candidates = [.. Enumerable.Range(0, Grid.Count).Where(anchor => Enumerable.Range(0, objects).Any(k => Inside(anchor, scene.Box(k))))];
        double[,] iou = new double[candidates.Length, objects];
        double[,] cost = new double[candidates.Length, objects];
        for (int i = 0; i < candidates.Length; i++)
        {
            for (int k = 0; k < objects; k++)
            {
                iou[i, k] = BoxIou.Iou(scene.Prediction(candidates[i]), scene.Box(k));
                for (int c = 0; c < Classes; c++)
                {
                    double x = scene.Logits[(c * Grid.Count) + candidates[i]];
                    double y = c == scene.Labels[k] ? iou[i, k] : 0;
                    double p = 1 / (1 + Math.Exp(-x));
                    cost[i, k] -= ((y * Math.Log(p)) + ((1 - y) * Math.Log(1 - p))) * (y - p) * (y - p);
                }

                cost[i, k] -= 3 * Math.Log(iou[i, k] + 1e-7);
            }
        }

        bool[,] matched = new bool[candidates.Length, objects];
        for (int k = 0; k < objects && candidates.Length > 0; k++)
        {
            int wanted = Math.Max(1, (int)Enumerable.Range(0, candidates.Length).Select(i => iou[i, k]).OrderDescending().Take(13).Sum());
            foreach (int i in Enumerable.Range(0, candidates.Length).OrderBy(i => cost[i, k]).Take(wanted))
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
                int k = own.Length == 1 ? own[0] : Enumerable.Range(0, objects).MinBy(k => cost[i, k]);
                (owners[candidates[i]], overlaps[candidates[i]]) = (k + 1, iou[i, k]);
            }
        }

        return (owners, overlaps);
    }

    private static bool Inside(int anchor, Box box)
    {
        (float x, float y) = Grid.Center(anchor);
        return x > box.X1 && y > box.Y1 && x < box.X2 && y < box.Y2;
    }

    /// <summary>Objects and predictions around them, drawn from a seed.</summary>
    private sealed record Scene(float[] Boxes, int[] Labels, float[] Logits, float[] Predicted)
    {
        public Box Box(int k) => new(Boxes[4 * k], Boxes[(4 * k) + 1], Boxes[(4 * k) + 2], Boxes[(4 * k) + 3]);

        public Box Prediction(int anchor) =>
            new(Predicted[4 * anchor], Predicted[(4 * anchor) + 1], Predicted[(4 * anchor) + 2], Predicted[(4 * anchor) + 3]);

        public static Scene Draw(int seed, int objects)
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

            return new Scene(
                boxes,
                [.. Enumerable.Range(0, objects).Select(_ => random.Next(Classes))],
                [.. Enumerable.Range(0, Classes * Grid.Count).Select(_ => (6 * random.NextSingle()) - 4)],
                predicted);
        }
    }
}
