using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Detections.Postprocessing;
using FocalSharp.Detections.Selection;

namespace FocalSharp.Core.Tests.Detections.Selection;

public sealed class SelectionTests
{
    [Fact]
    public void Criteria_follow_their_formulas()
    {
        Detection first = Found(0, 0.5f) with { Disagreement = new SideValues(1, 0, 1, 2) };
        Detection second = Found(1, 0.8f);
        IReadOnlyList<ImageWorth> worth = ImageWorth.Compute([[first, second], [second], []]);

        Assert.Equal(Math.Sqrt(0.25 + 0.16), worth[0].Scores, 5);
        Assert.Equal(1.3 * (1 - DeviationRescoring.ExpectedIou(first.Box, first.Deviation)), worth[0].Edges, 5);
        Assert.Equal(0.5 * ((2 / 100.0) + (2 / 50.0)), worth[0].Disagreement, 6);
        Assert.Equal((0.5 / 0.5) + (0.8 / 1.6), worth[0].Rarity, 5); // class 1 is expected 1.6 times
        Assert.Equal(new ImageWorth(0, 0, 0, 0), worth[2]);
    }

    // Ranks 1, 2, 3 of three by two criteria; the two others are constant.
    [Fact]
    public void Worth_is_the_mean_rank_of_the_criteria_that_differ()
    {
        double[] worth = DiverseSelection.Rank([new(1, 30, 0, 5), new(2, 20, 0, 5), new(9, 10, 0, 5)]);
        Assert.All(worth, value => Assert.Equal(4 / 6.0, value, 12));
    }

    [Fact]
    public void Images_without_any_difference_are_worth_the_same() => Assert.Equal([1.0, 1.0], DiverseSelection.Rank([new(0, 0, 0, 0), new(0, 0, 0, 0)]));

    // Three frames of one scene have the highest worth, and one other image little: after the best frame, the other is next.
    [Fact]
    public void Frames_of_one_scene_are_not_selected_twice()
    {
        float[][] features = [[0, 0], [0, 0.01f], [0.01f, 0], [1, 1]];
        IReadOnlyList<(int Index, double Distance)> selected = DiverseSelection.Select([0.9, 1, 0.8, 0.2], features, 2);
        Assert.Equal([1, 3], selected.Select(one => one.Index));
        Assert.Equal(double.PositiveInfinity, selected[0].Distance);
        Assert.Equal(Math.Sqrt(1 + (0.99 * 0.99)), selected[1].Distance, 5);
    }

    [Fact]
    public void Equal_images_are_selected_last_but_are_selected()
    {
        float[][] features = [[0], [0], [1]];
        Assert.Equal([0, 2, 1], DiverseSelection.Select([1, 1, 0.5], features, 10).Select(one => one.Index));
    }

    private static Detection Found(int label, float score) => new(new Box(0, 0, 100, 50), label, score, new SideValues(2, 2, 2, 2));
}
