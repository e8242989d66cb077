namespace FocalSharp.Imaging.Drawing;

/// <summary>How boxes are drawn.</summary>
public sealed record DrawingOptions
{
    /// <summary>The defaults.</summary>
    public static DrawingOptions Default { get; } = new();

    /// <summary>Whether tags show the score behind the class name. Default true.</summary>
    public bool ShowScores { get; init; } = true;

    /// <summary>Whether tags are drawn at all. Default true.</summary>
    public bool ShowLabels { get; init; } = true;

    /// <summary>
    /// Half width of the band around each side, in standard deviations of its predicted place; 0 draws none. Default 1.
    /// </summary>
    public float DeviationBand { get; init; } = 1;

    /// <summary>Detections below this score are not drawn. Default 0: all that are given.</summary>
    public float MinScore { get; init; }

    /// <summary>
    /// Smaller images are enlarged until their long side has this many pixels, so that lines and letters have room. Default 0: the
    /// picture has the image's size.
    /// </summary>
    public int MinLongSide { get; init; }

    /// <summary>Width of box edges in pixels; 0 (default) takes 1/320 of the long side in whole pixels, at least 2.</summary>
    public float LineWidth { get; init; }

    /// <summary>Height of a capital letter in pixels; 0 (default) takes 1/70 of the long side, at least 8.</summary>
    public float TextHeight { get; init; }
}
