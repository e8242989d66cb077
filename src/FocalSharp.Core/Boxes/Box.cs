using System.Globalization;

namespace FocalSharp.Boxes;

/// <summary>
/// An axis-aligned box in pixels, corners <c>xyxy</c>, half-open: width is <c>X2 − X1</c>, with no <c>+1</c>.
/// </summary>
/// <param name="X1">Left edge.</param>
/// <param name="Y1">Top edge.</param>
/// <param name="X2">Right edge.</param>
/// <param name="Y2">Bottom edge.</param>
public readonly record struct Box(float X1, float Y1, float X2, float Y2)
{
    /// <summary>Gets the width in pixels; negative for an inverted box.</summary>
    public float Width => X2 - X1;

    /// <summary>Gets the height in pixels; negative for an inverted box.</summary>
    public float Height => Y2 - Y1;

    /// <summary>Gets the area, width times height; 0 for an empty or inverted box.</summary>
    public float Area => Math.Max(Width, 0) * Math.Max(Height, 0);

    /// <summary>Gets the horizontal center.</summary>
    public float CenterX => (X1 + X2) * 0.5f;

    /// <summary>Gets the vertical center.</summary>
    public float CenterY => (Y1 + Y2) * 0.5f;

    /// <summary>Gets whether all four edges are finite numbers.</summary>
    public bool IsFinite => float.IsFinite(X1) && float.IsFinite(Y1) && float.IsFinite(X2) && float.IsFinite(Y2);

    /// <summary>Gets whether the box has no area.</summary>
    public bool IsEmpty => !(Width > 0 && Height > 0);

    /// <summary>Returns the box clipped to an image of the given size.</summary>
    public Box Clip(float width, float height) => new(
        Math.Clamp(X1, 0, width), Math.Clamp(Y1, 0, height), Math.Clamp(X2, 0, width), Math.Clamp(Y2, 0, height));

    /// <summary>Returns the box with each axis multiplied by its own factor.</summary>
    public Box Scale(float x, float y) => new(X1 * x, Y1 * y, X2 * x, Y2 * y);

    /// <summary>Returns the box moved by an offset.</summary>
    public Box Translate(float dx, float dy) => new(X1 + dx, Y1 + dy, X2 + dx, Y2 + dy);

    /// <summary>Returns the corners to a tenth of a pixel, for example <c>Box (x1 12.0, y1 8.0, x2 50.0, y2 60.0)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Box (x1 {X1:0.0}, y1 {Y1:0.0}, x2 {X2:0.0}, y2 {Y2:0.0})");

    /// <summary>Creates a box from COCO's <c>x, y, width, height</c>.</summary>
    public static Box FromXywh(float x, float y, float width, float height) => new(x, y, x + width, y + height);
}
