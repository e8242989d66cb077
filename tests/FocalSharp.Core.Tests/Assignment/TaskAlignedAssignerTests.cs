using FocalSharp.Assignment;

namespace FocalSharp.Core.Tests.Assignment;

public sealed class TaskAlignedAssignerTests
{
    // Four locations in a row, centers at 4, 12, 20 and 28, and one row of them.
    private static readonly AnchorGrid Grid = AnchorGrid.Create([8], [(4, 1)], scale: 5, centerOffset: 0.5);

    private static readonly GroundTruth One = new([0, 0, 32, 8], [0], 32, 8);

    [Fact]
    public void The_target_is_the_alignment_over_the_best_times_the_best_overlap()
    {
        // Predicted boxes inside the object of 1/4, 1/2, 3/4 and all of its width: that part is the IoU.
        float[] boxes = [0, 0, 8, 8, 0, 0, 16, 8, 0, 0, 24, 8, 0, 0, 32, 8];
        float[] logits = [2, 1, 0, -1];
        TaskAlignedOptions options = new() { TopK = 3, Beta = 2, StaticFraction = 0 };

        AnchorAssignment actual = new TaskAlignedAssigner(options).Assign(Grid, One, new AnchorPredictions(logits, boxes));

        // Alignments p · IoU²: 0.8808/16 = 0.05505, 0.7311/4 = 0.1828, 0.5 · 9/16 = 0.28125, 0.2689.
        Assert.Equal([1, 2, 3], actual.Anchors);
        Assert.Equal([0.5f, 0.75f, 1], actual.Overlaps);
        Assert.NotNull(actual.Qualities);
        Assert.Equal(0.18276 / 0.28125, actual.Qualities[0], 1e-4);
        Assert.Equal(1, actual.Qualities[1], 1e-4);
        Assert.Equal(0.26894 / 0.28125, actual.Qualities[2], 1e-4);
    }

    [Fact]
    public void Locations_outside_the_object_are_not_candidates_and_ties_go_to_the_lower_index()
    {
        GroundTruth left = new([0, 0, 20, 8], [0], 32, 8); // the border is not inside
        float[] boxes = [0, 0, 20, 8, 0, 0, 20, 8, 0, 0, 20, 8, 0, 0, 20, 8];
        AnchorAssignment actual = new TaskAlignedAssigner(new() { TopK = 1, StaticFraction = 0 }).Assign(Grid, left, new AnchorPredictions(new float[4], boxes));
        Assert.Equal([0], actual.Anchors);
        Assert.Equal([1f], actual.Qualities!, (a, b) => Math.Abs(a - b) < 1e-5);
        AnchorAssignment all = new TaskAlignedAssigner(new() { StaticFraction = 0 }).Assign(Grid, left, new AnchorPredictions(new float[4], boxes));
        Assert.Equal([0, 1], all.Anchors);
    }

    [Fact]
    public void A_location_that_two_objects_choose_goes_to_the_one_it_overlaps_more()
    {
        GroundTruth two = new([0, 0, 32, 8, 8, 0, 24, 8], [0, 1], 32, 8);
        float[] boxes = [0, 0, 8, 8, 8, 0, 24, 8, 0, 0, 32, 8, 24, 0, 32, 8];
        float[] logits = new float[8];
        AnchorAssignment actual = new TaskAlignedAssigner(new() { StaticFraction = 0 }).Assign(Grid, two, new AnchorPredictions(logits, boxes));
        Assert.Equal([0, 1, 2, 3], actual.Anchors);
        Assert.Equal([0, 1, 0, 0], actual.GroundTruths); // IoU with the second: 0, 1, 0.5, 0
        Assert.Equal([0, 1, 0, 0], actual.Labels);
    }

    [Fact]
    public void ATSS_assigns_until_the_given_part_of_the_training()
    {
        TaskAlignedAssigner assigner = new(new() { StaticFraction = 0.25 });
        Assert.True(assigner.NeedsPredictions);
        assigner.Progress = 0.24;
        Assert.False(assigner.NeedsPredictions);
        GroundTruth truth = new([1, 0, 30, 8], [2], 32, 8);
        AnchorAssignment expected = new AtssAssigner().Assign(Grid, truth, default);
        AnchorAssignment actual = assigner.Assign(Grid, truth, default);
        Assert.Equal(expected.Anchors, actual.Anchors);
        Assert.Null(actual.Qualities);
        assigner.Progress = 0.25;
        Assert.True(assigner.NeedsPredictions);
    }

    [Fact]
    public void Predictions_that_are_not_finite_are_negatives()
    {
        float[] boxes = new float[16];
        Array.Fill(boxes, float.NaN);
        AnchorAssignment actual = new TaskAlignedAssigner().Assign(Grid, One, new AnchorPredictions(new float[4], boxes));
        Assert.Equal(0, actual.Count);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        foreach (TaskAlignedOptions options in new TaskAlignedOptions[]
        {
            new() { TopK = 0 }, new() { Alpha = -1 }, new() { Beta = double.NaN }, new() { StaticFraction = 1.1 }, new() { StaticTopK = 0 },
        })
        {
            Assert.Throws<OptionException>(options.Validate);
        }
    }
}
