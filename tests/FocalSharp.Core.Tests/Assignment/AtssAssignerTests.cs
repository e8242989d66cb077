using CsCheck;
using FocalSharp.Assignment;

namespace FocalSharp.Core.Tests.Assignment;

[CollectionDefinition("Value checks", DisableParallelization = true)] // the switch is the process's
[Collection("Value checks")]
public sealed class AtssAssignerTests
{
    private static readonly int[] Strides = [8, 16, 32, 64, 128];

    private static readonly Gen<float[]> AnyBox = Gen.Select(
        Gen.Float[-60, 330], Gen.Float[-60, 330], Gen.Float[0, 200], Gen.Float[0, 200], (x, y, w, h) => new[] { x, y, x + w, y + h });

    // Corners at multiples of four pixels: centers fall on the grid and half way between, so that distances tie often.
    private static readonly Gen<float[]> TiedBox = Gen.Select(
        Gen.Int[-2, 70], Gen.Int[-2, 70], Gen.Int[0, 40], Gen.Int[0, 40], (x, y, w, h) => new[] { 4f * x, 4f * y, 4f * (x + w), 4f * (y + h) });

    private static readonly Gen<float[]> Boxes = Gen.OneOf<float[]>(AnyBox, TiedBox).Array[0, 12].Select(boxes => boxes.SelectMany(box => box).ToArray());

    private static readonly Gen<AnchorGrid> Grids = Gen.Select(
        Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int[1, 288], Gen.Int[1, 288], Gen.OneOf(0.0, 0.5), Gen.OneOf(8.0, 5.0),
        (columns, rows, width, height, offset, scale) =>
            Grid(32 * columns, 32 * rows, scale, offset).ForImage(Math.Min(width, 32 * columns), Math.Min(height, 32 * rows)));

    [Theory]
    [InlineData(new float[] { 10, 10, 5, 20 }, 0, "boxes", "inverted box")]
    [InlineData(new float[] { 10, 10, float.NaN, 20 }, 0, "boxes", "not finite")]
    [InlineData(new float[] { 10, 10, 20, 20 }, -1, "labels", "the label -1. Labels are class indices from 0")]
    [InlineData(new float[] { 10, 10, 20 }, 0, "boxes", "1 labels need 4 box coordinates")]
    public void Wrong_objects_are_refused(float[] box, int label, string parameter, string expected)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new AtssAssigner().Assign(Grid(64, 64, 8, 0), box, [label]));

        Assert.Equal(parameter, error.ParamName);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    // 0.1 to 0.9 are fractions of the image; where values are checked, they are refused.
    [Fact]
    public void Fractions_of_the_image_are_refused_where_values_are_checked()
    {
        float[] fractions = [0.1f, 0.1f, 0.9f, 0.9f];
        _ = new AtssAssigner().Assign(Grid(64, 64, 8, 0), fractions, [0]);
        AppContext.SetSwitch(ValueChecks.Switch, true);
        try
        {
            Assert.Contains("fractions of the image", Assert.Throws<ArgumentException>(() => new AtssAssigner().Assign(Grid(64, 64, 8, 0), fractions, [0])).Message, StringComparison.Ordinal);
        }
        finally
        {
            AppContext.SetSwitch(ValueChecks.Switch, false);
        }
    }

    [Fact]
    public void Searching_around_the_center_equals_sorting_all_anchors() =>
        Gen.Select(Grids, Boxes, Gen.OneOf(1, 2, 9, 15, 30)).Sample(
            (grid, boxes, topK) =>
            {
                AnchorAssignment assignment = new AtssAssigner(new AtssOptions { TopK = topK }).Assign(grid, boxes, new int[boxes.Length / 4]);
                Assert.Equal(BruteForceAtss.Assign(grid, boxes, topK, [], -1), assignment.ToDense(grid.Count));
            },
            iter: 400);

    [Fact]
    public void Searching_with_ignored_boxes_equals_sorting_all_anchors() =>
        Gen.Select(Grids, Boxes, Boxes, Gen.OneOf(0.2, 0.5, 0.9)).Sample(
            (grid, boxes, ignored, threshold) =>
            {
                AtssAssigner assigner = new(new AtssOptions { IgnoreIofThreshold = threshold });
                AnchorAssignment assignment = assigner.Assign(grid, boxes, new int[boxes.Length / 4], ignored);
                Assert.Equal(BruteForceAtss.Assign(grid, boxes, 9, ignored, threshold), assignment.ToDense(grid.Count));
            },
            iter: 200);

    [Fact]
    public void Equal_overlaps_go_to_the_first_object()
    {
        float[] twice = [40, 40, 120, 100, 40, 40, 120, 100];

        AnchorAssignment assignment = new AtssAssigner().Assign(Grid(160, 160), twice, [1, 2]);

        Assert.NotEqual(0, assignment.Count);
        Assert.All(assignment.GroundTruths, truth => Assert.Equal(0, truth));
        Assert.All(assignment.Labels, label => Assert.Equal(1, label));
    }

    [Fact]
    public void No_anchor_of_the_padding_becomes_positive()
    {
        AnchorGrid grid = Grid(256, 256).ForImage(60, 250);

        AnchorAssignment assignment = new AtssAssigner().Assign(grid, [4, 100, 60, 156], [0]);

        Assert.NotEqual(0, assignment.Count);
        Assert.All(assignment.Anchors, anchor => Assert.True(grid.Center(anchor).X < 64));
    }

    [Fact]
    public void One_candidate_has_no_deviation_and_so_no_positive()
    {
        AnchorGrid grid = AnchorGrid.Create([8], [(1, 1)]);

        Assert.Equal(0, new AtssAssigner().Assign(grid, [-32, -32, 32, 32], [0]).Count);
    }

    [Fact]
    public void An_image_without_objects_has_no_positives() => Assert.Equal(0, new AtssAssigner().Assign(Grid(64, 64), [], []).Count);

    [Fact]
    public void A_box_that_is_not_finite_is_rejected()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => new AtssAssigner().Assign(Grid(64, 64), [0, 0, 9, 9, 0, 0, float.NaN, 9], [0, 0]));

        Assert.Contains("Object 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Far_and_huge_boxes_end_in_an_assignment()
    {
        float[] boxes = [1e30f, 1e30f, 2e30f, 2e30f, -1e9f, -1e9f, 1e9f, 1e9f];

        AnchorGrid grid = Grid(256, 192);

        Assert.Equal(BruteForceAtss.Assign(grid, boxes, 9, [], -1), new AtssAssigner().Assign(grid, boxes, [0, 0]).ToDense(grid.Count));
    }

    private static AnchorGrid Grid(int width, int height, double scale = 8, double offset = 0) => AnchorGrid.Create(
        Strides, [.. Strides.Select(stride => ((width + stride - 1) / stride, (height + stride - 1) / stride))], scale, offset);
}
