namespace FocalSharp.Imaging.Drawing;

/// <summary>Specifies how boxes are drawn.</summary>
public sealed record DrawingOptions
{
    /// <summary>Gets the defaults.</summary>
    public static DrawingOptions Default { get; } = new();

    /// <summary>Gets whether labels show the score after the class name. Default true.</summary>
    public bool ShowScores { get; init; } = true;

    /// <summary>Gets whether labels are drawn. Default true.</summary>
    public bool ShowLabels { get; init; } = true;

    /// <summary>
    /// Gets the half width of the band around each edge, in standard deviations of its position; 0 draws none. Default 1.
    /// </summary>
    public float DeviationBand { get; init; } = 1;

    /// <summary>Gets the score below which detections are not drawn. Default 0: all are drawn.</summary>
    public float MinScore { get; init; }

    /// <summary>
    /// Gets the long side in pixels up to which smaller images are enlarged, so that lines and text fit. Default 0: images are not
    /// enlarged.
    /// </summary>
    public int MinLongSide { get; init; }

    /// <summary>Gets the width of box edges in pixels; 0 (default) means 1/320 of the long side in whole pixels, at least 2.</summary>
    public float LineWidth { get; init; }

    /// <summary>Gets the height of a capital letter in pixels; 0 (default) means 1/70 of the long side, at least 8.</summary>
    public float TextHeight { get; init; }
}
