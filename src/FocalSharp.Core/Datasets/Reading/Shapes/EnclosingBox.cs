namespace FocalSharp.Datasets.Reading.Shapes;

/// <summary>The smallest upright box around the points of a polygon, a mask or a rotated box.</summary>
internal struct EnclosingBox()
{
    /// <summary>Gets the number of points.</summary>
    public int Points { get; private set; }

    public double X1 { get; private set; } = double.PositiveInfinity;

    public double Y1 { get; private set; } = double.PositiveInfinity;

    public double X2 { get; private set; } = double.NegativeInfinity;

    public double Y2 { get; private set; } = double.NegativeInfinity;

    /// <summary>Adds a point. A coordinate that is not a number makes the box invalid, so that it is reported and not guessed.</summary>
    public void Add(double x, double y)
    {
        Points++;
        (X1, Y1, X2, Y2) = (Math.Min(X1, x), Math.Min(Y1, y), Math.Max(X2, x), Math.Max(Y2, y));
    }

    /// <summary>Returns the box as an annotation.</summary>
    public readonly RawBox ToRawBox(int label, int position) =>
        new() { Label = label, X1 = X1, Y1 = Y1, X2 = X2, Y2 = Y2, Position = position };

    /// <summary>Returns the box around a rectangle that is rotated clockwise (y points down) around a point.</summary>
    /// <param name="left">The left edge before the rotation.</param>
    /// <param name="top">The top edge before the rotation.</param>
    /// <param name="width">The width before the rotation.</param>
    /// <param name="height">The height before the rotation.</param>
    /// <param name="degrees">The angle.</param>
    /// <param name="pivotX">The horizontal position of the fixed point.</param>
    /// <param name="pivotY">The vertical position of the fixed point.</param>
    public static EnclosingBox FromRotatedRectangle(
        double left, double top, double width, double height, double degrees, double pivotX, double pivotY)
    {
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        EnclosingBox box = new();
        foreach ((double x, double y) in (ReadOnlySpan<(double, double)>)[(left, top), (left + width, top), (left, top + height), (left + width, top + height)])
        {
            (double dx, double dy) = (x - pivotX, y - pivotY);
            box.Add(pivotX + (dx * cos) - (dy * sin), pivotY + (dx * sin) + (dy * cos));
        }

        return box;
    }

    /// <summary>Returns the box around a rectangle that is rotated around its center.</summary>
    public static EnclosingBox FromRotatedRectangle(double left, double top, double width, double height, double degrees) =>
        FromRotatedRectangle(left, top, width, height, degrees, left + (width / 2), top + (height / 2));

    /// <summary>Returns the box around an ellipse that is rotated around its center.</summary>
    public static EnclosingBox FromEllipse(double centerX, double centerY, double radiusX, double radiusY, double degrees)
    {
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        double halfWidth = Math.Sqrt((radiusX * radiusX * cos * cos) + (radiusY * radiusY * sin * sin));
        double halfHeight = Math.Sqrt((radiusX * radiusX * sin * sin) + (radiusY * radiusY * cos * cos));
        EnclosingBox box = new();
        box.Add(centerX - halfWidth, centerY - halfHeight);
        box.Add(centerX + halfWidth, centerY + halfHeight);
        return box;
    }
}
