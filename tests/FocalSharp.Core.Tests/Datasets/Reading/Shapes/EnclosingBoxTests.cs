using FocalSharp.Datasets.Reading.Shapes;

namespace FocalSharp.Core.Tests.Datasets.Reading.Shapes;

public sealed class EnclosingBoxTests
{
    [Fact]
    public void A_quarter_turn_around_the_center_swaps_width_and_height() =>
        AssertBox(EnclosingBox.FromRotatedRectangle(20, 20, 30, 10, 90), 30, 10, 40, 40);

    [Fact]
    public void A_quarter_turn_around_the_upper_left_corner_moves_the_box() =>

        // Clockwise with y down: the corner (30, 0) goes to (0, 30), the corner (0, 10) to (-10, 0).
        AssertBox(EnclosingBox.FromRotatedRectangle(20, 20, 30, 10, 90, 20, 20), 10, 20, 20, 50);

    // Half extents of a rectangle with half sides a, b: a cos + b sin, a sin + b cos.
    [Fact]
    public void Thirty_degrees_follow_from_sine_and_cosine() =>
        AssertBox(EnclosingBox.FromRotatedRectangle(20, 20, 30, 10, 30), 35 - 15.490381, 25 - 11.830127, 35 + 15.490381, 25 + 11.830127);

    [Fact]
    public void An_ellipse_is_enclosed_by_its_radii() => AssertBox(EnclosingBox.FromEllipse(50, 40, 20, 10, 0), 30, 30, 70, 50);

    [Fact]
    public void A_rotated_ellipse_is_enclosed_exactly()
    {
        // At 45 degrees both half extents are sqrt((20² + 10²) / 2) = 15.811388.
        AssertBox(EnclosingBox.FromEllipse(50, 40, 20, 10, 45), 50 - 15.811388, 40 - 15.811388, 50 + 15.811388, 40 + 15.811388);
    }

    [Fact]
    public void A_point_that_is_not_a_number_makes_the_box_invalid()
    {
        EnclosingBox box = new();
        box.Add(1, 2);
        box.Add(double.NaN, 3);

        Assert.True(double.IsNaN(box.X1));
    }

    private static void AssertBox(EnclosingBox box, double x1, double y1, double x2, double y2)
    {
        Assert.Equal(x1, box.X1, 1e-5);
        Assert.Equal(y1, box.Y1, 1e-5);
        Assert.Equal(x2, box.X2, 1e-5);
        Assert.Equal(y2, box.Y2, 1e-5);
    }
}
