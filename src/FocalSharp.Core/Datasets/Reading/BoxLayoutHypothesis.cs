namespace FocalSharp.Datasets.Reading;

/// <summary>An interpretation of the four numbers of a box.</summary>
/// <param name="Layout">The meaning of the numbers.</param>
/// <param name="YFirst">Whether y comes before x.</param>
/// <param name="IsNormalized">Whether the numbers are fractions of the image size instead of pixels.</param>
internal readonly record struct BoxLayoutHypothesis(BoxLayout Layout, bool YFirst, bool IsNormalized)
{
    /// <summary>All interpretations that can be distinguished; with normalized coordinates, the order of x and y cannot.</summary>
    public static readonly BoxLayoutHypothesis[] All =
    [
        .. from layout in Enum.GetValues<BoxLayout>() from yFirst in new[] { false, true } from normalized in new[] { false, true }
           where !(yFirst && normalized)
           select new BoxLayoutHypothesis(layout, yFirst, normalized),
    ];

    /// <summary>Returns whether the numbers form a box with a positive area within the image, with some tolerance.</summary>
    public bool Fits(double a, double b, double c, double d, double width, double height)
    {
        if (YFirst)
        {
            (a, b, c, d) = (b, a, d, c);
        }

        if (IsNormalized)
        {
            (a, b, c, d) = (a * width, b * height, c * width, d * height);
        }

        (double x1, double y1, double x2, double y2) = Layout switch
        {
            BoxLayout.CornerAndSize => (a, b, a + c, b + d),
            BoxLayout.Corners => (a, b, c, d),
            _ => (a - (c / 2), b - (d / 2), a + (c / 2), b + (d / 2)),
        };

        // No object is a pixel wide; fractions read as pixels would all fit into the first pixel.
        double min = IsNormalized ? 0 : 1;
        (double slackX, double slackY) = (1.5 + (0.01 * width), 1.5 + (0.01 * height));
        return x2 - x1 > min && y2 - y1 > min && x1 >= -slackX && y1 >= -slackY && x2 <= width + slackX && y2 <= height + slackY;
    }

    /// <summary>Returns a description, for example <c>x, y, width, height in pixels</c>.</summary>
    public override string ToString()
    {
        string numbers = (Layout, YFirst) switch
        {
            (BoxLayout.CornerAndSize, false) => "x, y, width, height",
            (BoxLayout.CornerAndSize, true) => "y, x, height, width",
            (BoxLayout.Corners, false) => "x1, y1, x2, y2",
            (BoxLayout.Corners, true) => "y1, x1, y2, x2",
            (_, false) => "center x, center y, width, height",
            _ => "center y, center x, height, width",
        };
        return numbers + (IsNormalized ? " as fractions of the image" : " in pixels");
    }
}
