namespace FocalSharp.Benchmarks.Table;

/// <summary>A group of rows. One class per group, listed in <see cref="RowGroups"/>.</summary>
internal interface IRowGroup
{
    /// <summary>The name used with <c>--only</c>.</summary>
    string Name { get; }

    /// <summary>The heading in the table.</summary>
    string Title { get; }

    /// <summary>Measures the rows one by one; each is printed as soon as it is complete.</summary>
    IEnumerable<BenchmarkRow> Measure();
}
