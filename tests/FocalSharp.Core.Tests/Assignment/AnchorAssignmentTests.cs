using FocalSharp.Assignment;

namespace FocalSharp.Core.Tests.Assignment;

public sealed class AnchorAssignmentTests
{
    [Fact]
    public void Arrays_of_different_lengths_are_rejected() =>
        Assert.Throws<ArgumentException>(() => new AnchorAssignment([1, 2], [0], [0, 0], [0.5f, 0.5f]));

    [Theory]
    [InlineData(3, 2)]
    [InlineData(3, 3)]
    public void Anchors_that_do_not_ascend_are_rejected(int first, int second) =>
        Assert.Throws<ArgumentException>(() => new AnchorAssignment([first, second], [0, 0], [0, 0], [0.5f, 0.5f]));

    [Fact]
    public void The_dense_form_separates_positive_negative_and_ignored_anchors() =>
        Assert.Equal([0, 3, -1, 1], new AnchorAssignment([1, 3], [2, 0], [7, 8], [0.5f, 0.6f], [2]).ToDense(4));

    [Fact]
    public void Atss_assigns_the_same_through_the_interface_with_ignored_boxes()
    {
        AnchorGrid grid = AnchorGrid.Create([8, 16], [(16, 16), (8, 8)]);
        GroundTruth objects = new([10, 10, 70, 60, 50, 40, 120, 110], [1, 2], 128, 128) { IgnoredBoxes = [0, 0, 100, 100] };
        IAssigner assigner = new AtssAssigner(new AtssOptions { IgnoreIofThreshold = 0.5 });

        AnchorAssignment actual = assigner.Assign(grid, objects, default);

        Assert.False(assigner.NeedsPredictions);
        Assert.Contains(-1, actual.ToDense(grid.Count));
        Assert.Equal(
            new AtssAssigner(new AtssOptions { IgnoreIofThreshold = 0.5 })
                .Assign(grid, objects.Boxes, objects.Labels, objects.IgnoredBoxes).ToDense(grid.Count),
            actual.ToDense(grid.Count));
    }
}
