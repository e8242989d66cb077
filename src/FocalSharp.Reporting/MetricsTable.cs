namespace FocalSharp.Reporting;

/// <summary>The content of the <c>metrics.csv</c> of a run.</summary>
/// <param name="Columns">The column names.</param>
/// <param name="Rows">The rows, with a value per column; NaN for an empty cell.</param>
internal sealed record MetricsTable(IReadOnlyList<string> Columns, IReadOnlyList<double[]> Rows)
{
    /// <summary>Returns the points of two columns, for the rows with both values; empty if a column is missing.</summary>
    public IReadOnlyList<(double X, double Y)> Points(string x, string y)
    {
        int[] at = [Columns.ToList().IndexOf(x), Columns.ToList().IndexOf(y)];
        return at.Contains(-1) ? [] : [.. Rows.Where(row => at.All(i => !double.IsNaN(row[i]))).Select(row => (row[at[0]], row[at[1]]))];
    }
}
