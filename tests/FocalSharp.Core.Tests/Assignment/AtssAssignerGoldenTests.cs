using FocalSharp.Assignment;

namespace FocalSharp.Core.Tests.Assignment;

[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class AtssAssignerGoldenTests
{
    private static readonly int[] Strides = [8, 16, 32, 64, 128];

    [Fact]
    public void Assignments_equal_the_official_assigner()
    {
        foreach (GoldenCase golden in GoldenFile.Require("atss", "atss").Cases)
        {
            Assert.Equal("ATSSAssigner.assign", golden.Function);
            Check(golden);
        }
    }

    [Fact]
    public void Anchors_equal_the_official_generator()
    {
        string[] files = [.. GoldenData.RequireEach("atss").SelectMany(folder => Directory.GetFiles(folder, "anchors_*.safetensors*"))];
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            string name = Path.GetFileName(file).Split('.')[0];
            int[] size = [.. name["anchors_".Length..].Split('x').Select(int.Parse)];
            Safetensors tensors = Safetensors.Load(Path.Combine(Path.GetDirectoryName(file)!, name + ".safetensors"));
            float[] expected = [.. Strides.SelectMany((_, level) => tensors.Floats($"level{level}"))];
            AnchorGrid grid = Grid(size[0], size[1]);
            float[] actual = [.. Enumerable.Range(0, grid.Count).Select(grid.Anchor).SelectMany(box => new[] { box.X1, box.Y1, box.X2, box.Y2 })];
            GoldenReport.Record("atss.anchors", name, GoldenReport.MaxRelative(actual, expected), 0);
        }
    }

    private static AnchorGrid Grid(int height, int width) => AnchorGrid.Create(
        Strides, [.. Strides.Select(stride => ((width + stride - 1) / stride, (height + stride - 1) / stride))]);

    private static void Check(GoldenCase golden)
    {
        int height = golden.Arguments.GetProperty("hw")[0].GetInt32();
        int width = golden.Arguments.GetProperty("hw")[1].GetInt32();
        AnchorGrid grid = Grid(height, width);
        int[] passed = [.. Enumerable.Range(0, grid.Count)];
        if (golden.Has("valid"))
        {
            long[] valid = golden.Longs("valid");
            passed = [.. passed.Where(anchor => valid[anchor] != 0)];
            grid = ForMask(grid, valid);
            Assert.Equal(passed.Length, grid.ValidCount);
        }

        Assert.Equal(golden.Scalars.GetProperty("num_anchors").GetInt32(), passed.Length);
        AtssAssigner assigner = new(new AtssOptions { TopK = golden.Integer("topk"), IgnoreIofThreshold = golden.Number("ignore_iof_thr") ?? -1 });
        int[] labels = [.. golden.Longs("gt_labels").Select(label => (int)label)];
        float[] ignored = golden.Has("gt_bboxes_ignore") ? golden.Floats("gt_bboxes_ignore") : [];
        AnchorAssignment assignment = assigner.Assign(grid, golden.Floats("gt_bboxes"), labels, ignored);

        // The file lists all that is not plain background: positives, and ignored anchors as -1.
        int[] dense = assignment.ToDense(grid.Count);
        long[] places = golden.Longs("pos_idx");
        long[] truths = golden.Longs("pos_gt");
        int[] expected = new int[grid.Count];
        Dictionary<int, float> overlaps = [];
        for (int i = 0; i < places.Length; i++)
        {
            expected[passed[places[i]]] = (int)truths[i];
            overlaps[passed[places[i]]] = golden.Floats("pos_overlap")[i];
        }

        Assert.Equal(golden.Scalars.GetProperty("num_ignored").GetInt32(), assignment.Ignored.Length);
        int different = dense.Zip(expected).Count(pair => pair.First != pair.Second);
        if (different > 0 && golden.Scalars.GetProperty("topk_ties").GetBoolean())
        {
            // Where distances tie, the reference took one of equally near anchors and we the lowest index.
            AssertNearest(golden, grid, expected);
            return;
        }

        GoldenReport.Record("atss.assignment", golden.Id, different, 0);
        double worst = 0;
        for (int i = 0; i < assignment.Count; i++)
        {
            worst = Math.Max(worst, GoldenReport.Relative(assignment.Overlaps[i], overlaps[assignment.Anchors[i]]));
        }

        GoldenReport.Record("atss.overlap", golden.Id, worst, 1e-6);
    }

    private static void AssertNearest(GoldenCase golden, AnchorGrid grid, int[] dense)
    {
        float[] boxes = golden.Floats("gt_bboxes");
        for (int anchor = 0; anchor < dense.Length; anchor++)
        {
            if (dense[anchor] > 0)
            {
                int truth = 4 * (dense[anchor] - 1);
                (float x, float y) = ((boxes[truth] + boxes[truth + 2]) / 2, (boxes[truth + 1] + boxes[truth + 3]) / 2);
                AnchorLevel level = grid.Levels[grid.LevelOf(anchor)];
                float own = Distance(anchor);
                int nearer = Enumerable.Range(level.Start, level.Count).Count(other => Distance(other) < own);
                Assert.True(nearer < golden.Integer("topk"), $"{golden.Id}: anchor {anchor} is none of the nearest");

                float Distance(int other) => MathF.Sqrt(Square(grid.Center(other).X - x) + Square(grid.Center(other).Y - y));
            }
        }

        static float Square(float value) => value * value;
    }

    // The image size that leaves just the marked anchors valid, found from the finest level's marks.
    private static AnchorGrid ForMask(AnchorGrid grid, long[] valid)
    {
        AnchorLevel finest = grid.Levels[0];
        int columns = 0;
        int rows = 0;
        for (int i = 0; i < finest.Count; i++)
        {
            columns = valid[i] != 0 ? Math.Max(columns, (i % finest.Width) + 1) : columns;
            rows = valid[i] != 0 ? Math.Max(rows, (i / finest.Width) + 1) : rows;
        }

        return grid.ForImage(columns * finest.Stride, rows * finest.Stride);
    }
}
