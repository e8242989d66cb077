using FocalSharp.Boxes;

namespace FocalSharp.Imaging.Augmentation;

/// <summary>
/// A map of the plane, <c>x' = XX·x + XY·y + DX</c>, <c>y' = YX·x + YY·y + DY</c>, in continuous pixel coordinates: pixel i covers
/// [i, i+1), as boxes see it.
/// </summary>
/// <param name="XX">What x gives to x'.</param>
/// <param name="XY">What y gives to x'.</param>
/// <param name="DX">Shift of x'.</param>
/// <param name="YX">What x gives to y'.</param>
/// <param name="YY">What y gives to y'.</param>
/// <param name="DY">Shift of y'.</param>
internal readonly record struct AffineTransform(double XX, double XY, double DX, double YX, double YY, double DY)
{
    /// <summary>The map that changes nothing.</summary>
    public static AffineTransform Identity => new(1, 0, 0, 0, 1, 0);

    /// <summary>Multiplies each axis by its factor.</summary>
    public static AffineTransform Scale(double x, double y) => new(x, 0, 0, 0, y, 0);

    /// <summary>Moves by a vector.</summary>
    public static AffineTransform Translate(double x, double y) => new(1, 0, x, 0, 1, y);

    /// <summary>Mirrors left to right in an image of a width.</summary>
    public static AffineTransform FlipHorizontal(double width) => new(-1, 0, width, 0, 1, 0);

    /// <summary>Mirrors upside down in an image of a height.</summary>
    public static AffineTransform FlipVertical(double height) => new(1, 0, 0, 0, -1, height);

    /// <summary>Turns about the origin, from the x towards the y axis (clockwise on a screen).</summary>
    /// <param name="degrees">The angle in degrees.</param>
    public static AffineTransform Rotate(double degrees)
    {
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        return new(cos, -sin, 0, sin, cos, 0);
    }

    /// <summary>Shears: each axis leans towards the other by an angle in degrees.</summary>
    public static AffineTransform Shear(double degreesX, double degreesY) =>
        new(1, Math.Tan(degreesX * Math.PI / 180), 0, Math.Tan(degreesY * Math.PI / 180), 1, 0);

    /// <summary>This map followed by another.</summary>
    public AffineTransform Then(AffineTransform next) => new(
        (next.XX * XX) + (next.XY * YX), (next.XX * XY) + (next.XY * YY), (next.XX * DX) + (next.XY * DY) + next.DX,
        (next.YX * XX) + (next.YY * YX), (next.YX * XY) + (next.YY * YY), (next.YX * DX) + (next.YY * DY) + next.DY);

    /// <summary>The map back.</summary>
    /// <exception cref="InvalidOperationException">The map flattens the plane.</exception>
    public AffineTransform Invert()
    {
        double determinant = (XX * YY) - (XY * YX);
        if (!(Math.Abs(determinant) > 1e-12))
        {
            throw new InvalidOperationException($"The transform {this} flattens the plane, so it has no inverse.");
        }

        (double xx, double xy, double yx, double yy) = (YY / determinant, -XY / determinant, -YX / determinant, XX / determinant);
        return new(xx, xy, -((xx * DX) + (xy * DY)), yx, yy, -((yx * DX) + (yy * DY)));
    }

    /// <summary>Where a point goes.</summary>
    public (double X, double Y) Apply(double x, double y) => ((XX * x) + (XY * y) + DX, (YX * x) + (YY * y) + DY);

    /// <summary>The smallest upright box around where a box goes; exact as long as nothing is turned or sheared.</summary>
    public Box Apply(Box box)
    {
        (double ax, double ay) = Apply(box.X1, box.Y1);
        (double bx, double by) = Apply(box.X2, box.Y1);
        (double cx, double cy) = Apply(box.X1, box.Y2);
        (double dx, double dy) = Apply(box.X2, box.Y2);
        return new(
            (float)Math.Min(Math.Min(ax, bx), Math.Min(cx, dx)), (float)Math.Min(Math.Min(ay, by), Math.Min(cy, dy)),
            (float)Math.Max(Math.Max(ax, bx), Math.Max(cx, dx)), (float)Math.Max(Math.Max(ay, by), Math.Max(cy, dy)));
    }
}
