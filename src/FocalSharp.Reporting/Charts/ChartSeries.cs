namespace FocalSharp.Reporting.Charts;

/// <summary>One line, or one cloud of dots.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Color">Number of its colour in the page's palette, 1 to 6.</param>
/// <param name="Points">Its points.</param>
/// <param name="Faint">Drawn pale and thin, left out of legend and hover: raw values behind their smoothed line.</param>
/// <param name="Dots">Dots instead of a line.</param>
/// <param name="Dashed">A dashed line.</param>
internal sealed record ChartSeries(
    string Name, int Color, IReadOnlyList<(double X, double Y)> Points, bool Faint = false, bool Dots = false, bool Dashed = false);
