namespace FocalSharp.Boxes;

/// <summary>One number for each side of a box, in the order of the official code: left, top, right, bottom.</summary>
/// <param name="Left">The left edge's value.</param>
/// <param name="Top">The top edge's value.</param>
/// <param name="Right">The right edge's value.</param>
/// <param name="Bottom">The bottom edge's value.</param>
public readonly record struct SideValues(float Left, float Top, float Right, float Bottom)
{
    /// <summary>The sides' names, by their index.</summary>
    public static IReadOnlyList<string> Names { get; } = ["left", "top", "right", "bottom"];

    /// <summary>The value of a side by its index: 0 left, 1 top, 2 right, 3 bottom.</summary>
    public float this[int side] => side switch
    {
        0 => Left,
        1 => Top,
        2 => Right,
        3 => Bottom,
        _ => throw new ArgumentOutOfRangeException(nameof(side), side, "A box has sides 0 to 3: left, top, right, bottom."),
    };

    /// <summary>The values with the horizontal and the vertical sides multiplied by their own factors.</summary>
    public SideValues Scale(float x, float y) => new(Left * x, Top * y, Right * x, Bottom * y);

    /// <summary>The values, being coordinates, moved: left and right by one amount, top and bottom by the other.</summary>
    public SideValues Translate(float dx, float dy) => new(Left + dx, Top + dy, Right + dx, Bottom + dy);
}
