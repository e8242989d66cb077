using FocalSharp.Assignment;
using FocalSharp.Boxes;

namespace FocalSharp.Core.Tests.Assignment;

public sealed class AnchorGridTests
{
    [Fact]
    public void An_anchor_is_a_square_of_eight_strides_about_its_location()
    {
        AnchorGrid grid = AnchorGrid.Create([8, 16], [(4, 3), (2, 2)]);

        Assert.Equal(16, grid.Count);
        Assert.Equal(new Box(-32, -32, 32, 32), grid.Anchor(0));
        Assert.Equal(new Box(8 - 32, 16 - 32, 8 + 32, 16 + 32), grid.Anchor(9));
        Assert.Equal(new Box(16 - 64, 16 - 64, 16 + 64, 16 + 64), grid.Anchor(15));
    }

    [Fact]
    public void An_offset_of_a_half_puts_centers_in_the_middle_of_cells() =>
        Assert.Equal((12f, 4f), AnchorGrid.Create([8], [(2, 1)], scale: 5, centerOffset: 0.5).Center(1));

    [Fact]
    public void The_valid_locations_of_an_image_are_those_of_its_size_rounded_up_to_32()
    {
        // 125 x 120 becomes 128 x 128: 16 columns and rows of stride 8, but one of stride 128.
        AnchorGrid grid = AnchorGrid.Create([8, 128], [(24, 20), (2, 2)]).ForImage(125, 120);

        Assert.Equal((16, 16), (grid.Levels[0].ValidWidth, grid.Levels[0].ValidHeight));
        Assert.Equal((1, 1), (grid.Levels[1].ValidWidth, grid.Levels[1].ValidHeight));
        Assert.Equal(257, grid.ValidCount);
    }

    [Fact]
    public void An_anchor_beyond_the_last_is_rejected() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => AnchorGrid.Create([8], [(2, 2)]).Anchor(4));
}
