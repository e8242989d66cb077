namespace FocalSharp.Reporting;

/// <summary>The content of a <see cref="MetricsLog"/>.</summary>
/// <param name="Columns">Column names.</param>
/// <param name="Rows">One array a row, one number a column; NaN where a cell is empty.</param>
public sealed record MetricsTable(IReadOnlyList<string> Columns, IReadOnlyList<double[]> Rows)
{
    /// <summary>The points (x, y) of two columns over the rows that have both; empty where a column is absent.</summary>
    public IReadOnlyList<(double X, double Y)> Points(string x, string y)
    {
        int[] at = [Columns.ToList().IndexOf(x), Columns.ToList().IndexOf(y)];
        return at.Contains(-1) ? [] : [.. Rows.Where(row => at.All(i => !double.IsNaN(row[i]))).Select(row => (row[at[0]], row[at[1]]))];
    }
}
