using System.Globalization;

namespace FocalSharp.Boxes;

/// <summary>One number per side of a box, in the order of the official code: left, top, right, bottom.</summary>
/// <param name="Left">Value of the left side.</param>
/// <param name="Top">Value of the top side.</param>
/// <param name="Right">Value of the right side.</param>
/// <param name="Bottom">Value of the bottom side.</param>
public readonly record struct SideValues(float Left, float Top, float Right, float Bottom)
{
    /// <summary>Gets the names of the sides, by index.</summary>
    public static IReadOnlyList<string> Names { get; } = ["left", "top", "right", "bottom"];

    /// <summary>Gets the value of a side by its index: 0 left, 1 top, 2 right, 3 bottom.</summary>
    public float this[int side] => side switch
    {
        0 => Left,
        1 => Top,
        2 => Right,
        3 => Bottom,
        _ => throw new ArgumentOutOfRangeException(nameof(side), side, "A box has sides 0 to 3: left, top, right, bottom."),
    };

    /// <summary>Returns the values with the horizontal and the vertical sides multiplied by separate factors.</summary>
    public SideValues Scale(float x, float y) => new(Left * x, Top * y, Right * x, Bottom * y);

    /// <summary>Returns the values to a tenth, for example <c>left 1.0, top 0.5, right 2.0, bottom 0.8</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"left {Left:0.0}, top {Top:0.0}, right {Right:0.0}, bottom {Bottom:0.0}");

    /// <summary>Returns the values, interpreted as coordinates, moved by an offset.</summary>
    public SideValues Translate(float dx, float dy) => new(Left + dx, Top + dy, Right + dx, Bottom + dy);
}
