namespace FocalSharp.Datasets.Reading;

/// <summary>How four numbers may stand for a box.</summary>
internal enum BoxLayout
{
    /// <summary>Upper left corner and size (COCO).</summary>
    CornerAndSize,

    /// <summary>Upper left and lower right corner (VOC).</summary>
    Corners,

    /// <summary>Centre and size (YOLO).</summary>
    CenterAndSize,
}

/// <summary>A way to read four numbers as a box.</summary>
/// <param name="Layout">What the numbers are.</param>
/// <param name="YFirst">Whether y comes before x.</param>
/// <param name="IsNormalized">Whether they are shares of the image's size instead of pixels.</param>
internal readonly record struct BoxLayoutHypothesis(BoxLayout Layout, bool YFirst, bool IsNormalized)
{
    /// <summary>Every way that fitting tells apart: in shares, the order of x and y shows nowhere.</summary>
    public static readonly BoxLayoutHypothesis[] All =
    [
        .. from layout in Enum.GetValues<BoxLayout>() from yFirst in new[] { false, true } from shares in new[] { false, true }
           where !(yFirst && shares)
           select new BoxLayoutHypothesis(layout, yFirst, shares),
    ];

    /// <summary>The way that a format prescribes.</summary>
    public static BoxLayoutHypothesis ForFormat(DatasetFormat format) => format switch
    {
        DatasetFormat.Coco => new(BoxLayout.CornerAndSize, false, false),
        DatasetFormat.Voc => new(BoxLayout.Corners, false, false),
        _ => new(BoxLayout.CenterAndSize, false, true),
    };

    /// <summary>Whether the numbers, read so, are a box with an area within the image, up to a little.</summary>
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
        // No object is a pixel wide; shares taken for pixels would all fit into the first.
        double min = IsNormalized ? 0 : 1;
        (double slackX, double slackY) = (1.5 + (0.01 * width), 1.5 + (0.01 * height));
        return x2 - x1 > min && y2 - y1 > min && x1 >= -slackX && y1 >= -slackY && x2 <= width + slackX && y2 <= height + slackY;
    }

    /// <summary>The way in words, as <c>x, y, width, height</c>.</summary>
    public override string ToString()
    {
        string numbers = (Layout, YFirst) switch
        {
            (BoxLayout.CornerAndSize, false) => "x, y, width, height",
            (BoxLayout.CornerAndSize, true) => "y, x, height, width",
            (BoxLayout.Corners, false) => "x1, y1, x2, y2",
            (BoxLayout.Corners, true) => "y1, x1, y2, x2",
            (_, false) => "centre x, centre y, width, height",
            _ => "centre y, centre x, height, width",
        };
        return numbers + (IsNormalized ? " in shares of the image" : " in pixels");
    }
}
