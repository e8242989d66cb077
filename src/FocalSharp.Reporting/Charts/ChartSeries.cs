namespace FocalSharp.Reporting.Charts;

/// <summary>A line or a scatter plot.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="Color">The index of the color in the palette of the page, 1 to 6.</param>
/// <param name="Points">The points.</param>
/// <param name="Faint">Whether to draw it thin and pale, without legend and hover: raw values behind a smoothed line.</param>
/// <param name="Dots">Whether to draw dots instead of a line.</param>
/// <param name="Dashed">Whether to draw a dashed line.</param>
internal sealed record ChartSeries(
    string Name, int Color, IReadOnlyList<(double X, double Y)> Points, bool Faint = false, bool Dots = false, bool Dashed = false);
