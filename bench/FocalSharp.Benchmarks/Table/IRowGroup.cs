namespace FocalSharp.Benchmarks.Table;

/// <summary>Rows of the table that belong together. One class a group, listed in <see cref="RowGroups"/>.</summary>
internal interface IRowGroup
{
    /// <summary>A short name, by which <c>--only</c> picks the group.</summary>
    string Name { get; }

    /// <summary>Heading of its part of the table.</summary>
    string Title { get; }

    /// <summary>Measures the rows, one after another; each is printed as soon as it is there.</summary>
    IEnumerable<BenchmarkRow> Measure();
}
