using System.Runtime.InteropServices;

namespace FocalSharp.Checkpoints.Pickling;

/// <summary>The unpickler's stack with its marks; items below the last mark are not accessible.</summary>
internal sealed class PickleStack(PickleReader reader)
{
    private const int MaximumItems = 1_000_000;
    private const int MaximumMarks = 10_000;

    private readonly List<object?> _items = [];
    private readonly List<int> _marks = [];

    private int Floor => _marks.Count == 0 ? 0 : _marks[^1];

    public void Push(object? item)
    {
        if (_items.Count == MaximumItems)
        {
            throw reader.Broken($"more than {MaximumItems} items are on the stack");
        }

        _items.Add(item);
    }

    public object? Pop()
    {
        object? item = Peek();
        _items.RemoveAt(_items.Count - 1);
        return item;
    }

    public object? Peek() => _items.Count > Floor ? _items[^1] : throw reader.Broken("an item is taken from an empty stack");

    public void Mark()
    {
        if (_marks.Count == MaximumMarks)
        {
            throw reader.Broken($"items are nested more than {MaximumMarks} deep");
        }

        _marks.Add(_items.Count);
    }

    /// <summary>Pops the items above the last mark, and the mark.</summary>
    public object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw reader.Broken("a group of items has no start");
        }

        object?[] group = CollectionsMarshal.AsSpan(_items)[Floor..].ToArray();
        _items.RemoveRange(Floor, group.Length);
        _marks.RemoveAt(_marks.Count - 1);
        return group;
    }

    /// <summary>Pops the top: the last mark if nothing is above it, otherwise an item.</summary>
    public void Drop()
    {
        if (_marks.Count > 0 && _items.Count == Floor)
        {
            _marks.RemoveAt(_marks.Count - 1);
        }
        else
        {
            Pop();
        }
    }
}
