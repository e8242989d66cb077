namespace FocalSharp.Reporting.Charts;

/// <summary>A chart.</summary>
/// <param name="Title">The title.</param>
/// <param name="XLabel">The label of the x axis.</param>
/// <param name="YLabel">The label of the y axis.</param>
/// <param name="Series">The series, drawn in this order.</param>
internal sealed record Chart(string Title, string XLabel, string YLabel, IReadOnlyList<ChartSeries> Series)
{
    /// <summary>Gets the range of the x axis, or null to fit the data.</summary>
    public (double Min, double Max)? XRange { get; init; }

    /// <summary>Gets the range of the y axis, or null to fit the data (from 0 if there are no negative values).</summary>
    public (double Min, double Max)? YRange { get; init; }

    /// <summary>Gets a note below the title.</summary>
    public string? Note { get; init; }

    /// <summary>Gets the position and text of a vertical marker, or null.</summary>
    public (double X, string Text)? VerticalMarker { get; init; }

    /// <summary>Gets the width in drawing units; a smaller width makes text larger.</summary>
    public int Width { get; init; } = 440;

    /// <summary>Gets whether the chart has a table of its values.</summary>
    public bool HasTable { get; init; }
}
