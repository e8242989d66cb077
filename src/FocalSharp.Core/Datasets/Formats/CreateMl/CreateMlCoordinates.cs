using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.CreateMl;

/// <summary>
/// How the numbers of a box are meant. Create ML's default is the box's center in pixels from the upper left corner; a file may state another
/// origin, anchor and unit, in the terms of Apple's MLBoundingBoxCoordinatesOrigin, MLBoundingBoxAnchor and MLBoundingBoxUnits.
/// </summary>
/// <param name="Origin">The corner of the image that coordinates count from, in lower case: <c>topleft</c> or <c>bottomleft</c>.</param>
/// <param name="Anchor">The point of the box that x and y state: <c>center</c>, <c>topleft</c> or <c>bottomleft</c>.</param>
/// <param name="Units"><c>pixel</c> or <c>normalized</c>.</param>
internal sealed record CreateMlCoordinates(string Origin, string Anchor, string Units)
{
    private static readonly string[] OriginKeys = ["coordinates_origin", "coordinatesOrigin", "origin"];
    private static readonly string[] AnchorKeys = ["coordinates_anchor", "coordinatesAnchor", "anchor"];
    private static readonly string[] UnitKeys = ["coordinates_units", "coordinatesUnits", "units"];

    /// <summary>Gets the default of the format.</summary>
    public static CreateMlCoordinates Default { get; } = new("topleft", "center", "pixel");

    /// <summary>Gets whether the file states any of them.</summary>
    public bool IsStated { get; private init; }

    /// <summary>Reads what an annotation, its coordinates or its image state.</summary>
    public static CreateMlCoordinates Read(JsonTree annotation, JsonTree image)
    {
        JsonTree[] places = [annotation, annotation["coordinates"], image];
        (string? origin, string? anchor, string? units) = (Find(OriginKeys), Find(AnchorKeys), Find(UnitKeys));
        return new(origin ?? Default.Origin, anchor ?? Default.Anchor, units ?? Default.Units) { IsStated = (origin ?? anchor ?? units) is not null };

        string? Find(string[] keys) => places.SelectMany(place => keys, (place, key) => place[key].Text).FirstOrDefault(text => text is not null)
            ?.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant().TrimEnd('s');
    }

    /// <summary>Returns the value that is not known, or null.</summary>
    public string? FindUnknown() =>
        Origin is not ("topleft" or "bottomleft") ? Origin : Anchor is not ("center" or "topleft" or "bottomleft") ? Anchor : Units is not ("pixel" or "normalized") ? Units : null;

    /// <summary>Returns the corners in pixels from the upper left; null if that needs the size of an image that cannot be read.</summary>
    public (double X1, double Y1, double X2, double Y2)? GetCorners(JsonTree coordinates, RawImage image)
    {
        (double x, double y) = (coordinates["x"].Number, coordinates["y"].Number);
        (double width, double height) = (coordinates["width"].Number, coordinates["height"].Number);
        double imageHeight = 0;
        if (Units == "normalized" || Origin == "bottomleft")
        {
            if (ImageHeader.TryReadInfo(image.Path)?.DisplaySize is not { } size)
            {
                return null;
            }

            imageHeight = size.Height;
            (double scaleX, double scaleY) = Units == "normalized" ? (size.Width, size.Height) : (1, 1);
            (x, y, width, height) = (x * scaleX, y * scaleY, width * scaleX, height * scaleY);
        }

        double left = Anchor == "center" ? x - (width / 2) : x;
        if (Origin == "topleft")
        {
            double top = Anchor switch { "center" => y - (height / 2), "topleft" => y, _ => y - height };
            return (left, top, left + width, top + height);
        }

        // Counted upward from the lower edge of the image.
        double bottom = Anchor switch { "center" => y - (height / 2), "bottomleft" => y, _ => y - height };
        return (left, imageHeight - bottom - height, left + width, imageHeight - bottom);
    }
}
