namespace FocalSharp.Reporting.Charts;

/// <summary>What a chart shows.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="XLabel">What lies along x.</param>
/// <param name="YLabel">What lies along y.</param>
/// <param name="Series">Lines and clouds, drawn in this order.</param>
internal sealed record Chart(string Title, string XLabel, string YLabel, IReadOnlyList<ChartSeries> Series)
{
    /// <summary>Fixed ends of the x axis, or null to fit the data.</summary>
    public (double Min, double Max)? XRange { get; init; }

    /// <summary>Fixed ends of the y axis, or null to fit the data (from 0 where none is negative).</summary>
    public (double Min, double Max)? YRange { get; init; }

    /// <summary>A sentence below the heading.</summary>
    public string? Note { get; init; }

    /// <summary>A value of x to point out by an upright line, and its text; null for none.</summary>
    public (double X, string Text)? VerticalMarker { get; init; }

    /// <summary>Drawing units across: fewer make letters larger, for charts in narrow cards.</summary>
    public int Width { get; init; } = 440;

    /// <summary>Whether the numbers can be unfolded as a table.</summary>
    public bool HasTable { get; init; }
}
