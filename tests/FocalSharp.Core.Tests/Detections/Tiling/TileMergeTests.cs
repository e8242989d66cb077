using FocalSharp.Boxes;
using FocalSharp.Detections;
using FocalSharp.Detections.Tiling;

namespace FocalSharp.Core.Tests.Detections.Tiling;

public sealed class TileMergeTests
{
    private static readonly PostprocessOptions Options = new() { NmsThreshold = 0.6, MaxDetections = 100 };
    private static readonly Tile Left = new(0, 0, 100, 100);
    private static readonly Tile Right = new(80, 0, 100, 100);

    [Fact]
    public void Boxes_are_moved_to_the_position_of_their_tile()
    {
        Detection found = new(new Box(10, 20, 30, 40), 3, 0.7f, new SideValues(1, 2, 3, 4))
        {
            Mean = new SideValues(9, 19, 31, 41),
            Quantiles = new EdgeQuantiles(new EdgeQuantile(0.5, new SideValues(8, 18, 32, 42))),
        };

        Detection moved = Assert.Single(Merged((new Tile(80, 50, 100, 100), [found])));

        Assert.Equal(new Box(90, 70, 110, 90), moved.Box);
        Assert.Equal(new SideValues(89, 69, 111, 91), moved.Mean);
        Assert.Equal(new SideValues(88, 68, 112, 92), moved.Quantiles[0].Position);
        Assert.Equal((3, 0.7f, new SideValues(1, 2, 3, 4)), (moved.Label, moved.Score, moved.Deviation));
    }

    [Fact]
    public void An_object_whole_in_two_tiles_is_one_with_the_higher_score()
    {
        Detection[] merged = Merged((Left, [Found(84, 10, 95, 30, 0.6f)]), (Right, [Found(4, 10, 15, 30, 0.8f)]));
        Assert.Equal((new Box(84, 10, 95, 30), 0.8f), (Assert.Single(merged).Box, merged[0].Score));
    }

    [Fact]
    public void A_fragment_at_a_seam_is_dropped_for_the_whole_object_in_the_neighboring_tile()
    {
        // 70..120 is cut by the left tile at 100 and lies whole in neither but the second tile from 60 on.
        Detection[] merged = Merged((Left, [Found(70, 10, 100, 30, 0.9f)]), (new Tile(60, 0, 100, 100), [Found(10, 10, 60, 30, 0.6f)]));
        Assert.Equal(new Box(70, 10, 120, 30), Assert.Single(merged).Box);
    }

    [Fact]
    public void A_fragment_stays_if_the_score_of_the_whole_object_is_low() => Assert.Equal(
        2, Merged((Left, [Found(70, 10, 100, 30, 0.9f)]), (new Tile(60, 0, 100, 100), [Found(10, 10, 60, 30, 0.2f)])).Length);

    [Fact]
    public void A_fragment_stays_beside_a_whole_object_of_another_class() => Assert.Equal(
        2, Merged((Left, [Found(70, 10, 100, 30, 0.9f)]), (new Tile(60, 0, 100, 100), [Found(10, 10, 60, 30, 0.9f, label: 1)])).Length);

    [Fact]
    public void A_whole_object_inside_another_is_not_a_fragment() => Assert.Equal(
        2, Merged((Left, [Found(10, 10, 80, 80, 0.9f), Found(20, 20, 40, 40, 0.8f)])).Length);

    [Fact]
    public void Fragments_that_meet_across_a_seam_are_joined()
    {
        // The object reaches from 20 to 150: the left tile ends at 100, the right one begins at 80.
        Detection[] merged = Merged(
            (Left, [Found(20, 10, 100, 30, 0.6f) with { Deviation = new SideValues(1, 1, 9, 1) }]),
            (Right, [Found(0, 11, 70, 30, 0.8f) with { Deviation = new SideValues(9, 2, 2, 2) }]));

        Detection whole = Assert.Single(merged);
        Assert.Equal(new Box(20, 10, 150, 30), whole.Box);
        Assert.Equal(0.8f, whole.Score);
        Assert.Equal(new SideValues(1, 2, 2, 2), whole.Deviation);
    }

    [Fact]
    public void An_object_over_the_corner_of_four_tiles_is_one()
    {
        // 40..140 in both directions; tiles of 100 at 0 and 80 in an image of 180.
        Detection[] merged = Merged(
            (Left, [Found(40, 40, 100, 100, 0.9f)]),
            (Right, [Found(0, 40, 60, 100, 0.8f)]),
            (new Tile(0, 80, 100, 100), [Found(40, 0, 100, 60, 0.7f)]),
            (new Tile(80, 80, 100, 100), [Found(0, 0, 60, 60, 0.6f)]));
        Assert.Equal(new Box(40, 40, 140, 140), Assert.Single(merged).Box);
    }

    [Fact]
    public void An_object_over_many_tiles_is_one()
    {
        Tile[] tiles = [.. Enumerable.Range(0, 5).Select(i => new Tile(80 * i, 0, 100, 100))];
        TileMerge merge = new(420, 100);
        for (int i = 0; i < 5; i++)
        {
            merge.Add(tiles[i], [Found(i == 0 ? 30 : 0, 20, i == 4 ? 70 : 100, 60, 0.5f + (i / 10f))]);
        }

        Assert.Equal(new Box(30, 20, 390, 60), Assert.Single(merge.Finish(Options)).Box);
    }

    [Fact]
    public void Two_fragments_that_do_not_match_along_the_seam_are_not_joined() => Assert.Equal(
        2, Merged((Left, [Found(20, 10, 100, 30, 0.6f)]), (Right, [Found(0, 25, 70, 60, 0.8f)])).Length);

    [Fact]
    public void Borders_of_the_image_are_not_seams()
    {
        // Both touch the image's own left border; the inner one is no fragment of the outer.
        Detection[] merged = Merged((Left, [Found(0, 10, 60, 60, 0.9f), Found(0, 20, 30, 40, 0.8f)]));
        Assert.Equal(2, merged.Length);
    }

    [Fact]
    public void Detections_in_the_whole_image_replace_fragments_in_tiles()
    {
        Detection[] merged = Merged(
            (new Tile(0, 0, 180, 180), [Found(10, 10, 170, 170, 0.7f)]),
            (Left, [Found(10, 10, 100, 100, 0.8f)]),
            (new Tile(80, 80, 100, 100), [Found(0, 0, 90, 90, 0.75f)]));
        Assert.Equal(new Box(10, 10, 170, 170), Assert.Single(merged).Box);
    }

    [Fact]
    public void The_limit_applies_to_the_image()
    {
        TileMerge merge = new(180, 180, max: 2);
        merge.Add(Left, [Found(10, 10, 20, 20, 0.5f), Found(40, 40, 50, 50, 0.9f), Found(60, 10, 70, 20, 0.7f)]);
        Assert.Equal([0.9f, 0.7f], merge.Finish(Options with { MaxDetections = 1 }).Select(detection => detection.Score));
        Assert.Empty(new TileMerge(10, 10).Finish(Options));
    }

    private static Detection Found(float x1, float y1, float x2, float y2, float score, int label = 0) =>
        new(new Box(x1, y1, x2, y2), label, score, new SideValues(1, 1, 1, 1));

    private static Detection[] Merged(params (Tile Tile, Detection[] Found)[] tiles)
    {
        TileMerge merge = new(180, 180);
        Array.ForEach(tiles, tile => merge.Add(tile.Tile, tile.Found));
        return merge.Finish(Options);
    }
}
