namespace FocalSharp.Checkpoints.Pickling;

/// <summary>The name of a Python class or function. It is never imported.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{TextSanitizer.Sanitize(Module)}.{TextSanitizer.Sanitize(Name)}";
}

/// <summary>A Python tuple.</summary>
internal sealed class PickleTuple(object?[] items)
{
    public static readonly PickleTuple Empty = new([]);

    public object?[] Items { get; } = items;
}

/// <summary>A Python list, set or frozenset.</summary>
internal sealed class PickleList
{
    private List<object?>? _items;

    public IReadOnlyList<object?> Items => _items ?? (IReadOnlyList<object?>)[];

    public void Add(ReadOnlySpan<object?> items) => (_items ??= []).AddRange(items);
}

/// <summary>
/// A Python dict (OrderedDict, defaultdict) as far as a checkpoint needs it: entries with text keys, in order; the last of
/// equal keys wins. Entries with other keys, such as the optimizer's states by number, are only counted.
/// </summary>
internal sealed class PickleDict
{
    private OrderedDictionary<string, object?>? _entries;

    public int OtherKeys { get; private set; }

    public IEnumerable<KeyValuePair<string, object?>> Entries => _entries ?? Enumerable.Empty<KeyValuePair<string, object?>>();

    public object? this[string key] => _entries is not null && _entries.TryGetValue(key, out object? value) ? value : null;

    public void Set(object? key, object? value)
    {
        if (key is string name)
        {
            (_entries ??= new(StringComparer.Ordinal))[name] = value;
        }
        else
        {
            OtherKeys++;
        }
    }
}

/// <summary>A flat array in the file; tensors are views of it.</summary>
/// <param name="Key">The name in the file.</param>
/// <param name="Type">The element type.</param>
/// <param name="Count">The number of elements.</param>
internal sealed record PickledStorage(string Key, ElementType Type, long Count)
{
    public Int128 ByteCount => (Int128)Count * ElementTypes.SizeOf(Type);
}

/// <summary>A storage or, in files of the earliest releases, a part of one.</summary>
internal sealed record PickledStorageView(PickledStorage Storage, long Offset);

/// <summary>A view of a storage as stated by the pickle; validated when its values are read.</summary>
/// <param name="Storage">The storage of the values.</param>
/// <param name="Type">The element type.</param>
/// <param name="Offset">The index of the first element.</param>
/// <param name="Shape">The sizes of the dimensions.</param>
/// <param name="Strides">The number of elements between neighbors along each dimension.</param>
internal sealed record PickledTensor(PickledStorage Storage, ElementType Type, long Offset, long[] Shape, long[] Strides);

/// <summary>
/// Represents an object of an unknown class, or the result of an unknown call. Inert; rejected if a weight depends on it.
/// </summary>
/// <param name="Origin">
/// Its origin, for messages: <c>os.system</c>, <c>mmengine.logging.HistoryBuffer</c>.
/// </param>
internal sealed record Placeholder(string Origin);

/// <summary>A NumPy array in the pickle, empty until its state is set.</summary>
internal sealed class PickledArray
{
    private object? _state;

    /// <summary>Sets <c>(version, shape, dtype, Fortran order, bytes)</c>; the last call wins, as in Python.</summary>
    public void SetState(object? state) => _state = state;

    /// <summary>Gets the parts of the state, or null if it is of another form.</summary>
    public (long[] Shape, PickledDataType Type, bool FortranOrder, byte[] Data)? State =>
        _state is PickleTuple { Items: [_, PickleTuple shape, PickledDataType type, var order, byte[] data] } && Array.TrueForAll(shape.Items, size => size is long)
            ? ([.. shape.Items.Cast<long>()], type, order is true or 1L, data)
            : null;
}

/// <summary>A NumPy data type in the pickle.</summary>
/// <param name="name">Its name, for example <c>f4</c>.</param>
internal sealed class PickledDataType(string name)
{
    /// <summary>Gets the name.</summary>
    public string Name { get; } = name;

    /// <summary>Gets whether the elements are big-endian.</summary>
    public bool BigEndian { get; private set; } = name.StartsWith('>');

    /// <summary>Gets the element type, or null if it is not supported.</summary>
    public ElementType? Element => Name.TrimStart('<', '=', '|') switch
    {
        "f8" => ElementType.F64,
        "f4" => ElementType.F32,
        "f2" => ElementType.F16,
        "i8" => ElementType.I64,
        "i4" => ElementType.I32,
        "i2" => ElementType.I16,
        "i1" => ElementType.I8,
        "u1" => ElementType.U8,
        "b1" => ElementType.Bool,
        _ => null,
    };

    /// <summary>Sets <c>(version, byte order, …)</c>.</summary>
    public void SetState(object? state) => BigEndian |= state is PickleTuple { Items: [_, ">", ..] };
}
