namespace FocalSharp.Checkpoints.Pickling;

/// <summary>A Python list, set or frozenset.</summary>
internal sealed class PickleList
{
    private List<object?>? _items;

    public IReadOnlyList<object?> Items => _items ?? (IReadOnlyList<object?>)[];

    public void Add(ReadOnlySpan<object?> items) => (_items ??= []).AddRange(items);
}
