namespace FocalSharp.Checkpoints.Pickling;

/// <summary>
/// The closed list of Python functions and classes that a state dict consists of, interpreted without executing anything:
/// dictionaries, storages, the functions that view a storage as a tensor, and NumPy arrays.
/// </summary>
internal sealed class TorchGlobals
{
    private const int MaximumRank = 16;
    private const int MaximumTensors = 100_000;
    private const int MaximumCopiedEntries = 100_000;
    private const int MaximumNamed = 10_000;

    private static readonly Placeholder UnknownOverflow = new("one of many unknown classes");

    private readonly Dictionary<string, PickledStorage> _storages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Placeholder> _unknown = new(StringComparer.Ordinal);
    private int _tensors;
    private int _copiedEntries;
    private long _encodedBytes;

    /// <summary>Gets the names of everything else that the file refers to.</summary>
    public IReadOnlyCollection<string> UnknownNames => _unknown.Keys;

    /// <summary>Gets the storages that the pickle declares, by key.</summary>
    public IReadOnlyDictionary<string, PickledStorage> Storages => _storages;

    /// <summary>Creates a placeholder and records its name.</summary>
    public Placeholder Unknown(string origin)
    {
        if (_unknown.TryGetValue(origin, out Placeholder? known))
        {
            return known;
        }

        return _unknown.Count < MaximumNamed ? _unknown[origin] = new Placeholder(origin) : UnknownOverflow;
    }

    /// <summary>Returns the value of <c>callee(*arguments)</c>.</summary>
    /// <exception cref="ModelException">There are more tensors or copied entries than any checkpoint has.</exception>
    public object? Call(object? callee, object? arguments, PickleReader reader)
    {
        object?[] items = arguments is PickleTuple tuple ? tuple.Items : [];
        if (callee is not PickleGlobal function)
        {
            return Unknown((callee as Placeholder)?.Origin ?? "a call of something that is not a function");
        }

        return (function.Module, function.Name) switch
        {
            ("collections", "OrderedDict") or ("builtins" or "__builtin__", "dict") => Dictionary(items, 0, reader),
            ("collections", "defaultdict") => Dictionary(items, 1, reader),
            ("torch", "Size") => items is [PickleTuple size] ? size : Unknown(function.ToString()),
            ("torch._utils", "_rebuild_tensor" or "_rebuild_tensor_v2") => Tensor(items, null, function, reader),
            ("torch._utils", "_rebuild_tensor_v3") =>
                Tensor(items, items.ElementAtOrDefault(6) as PickleGlobal, function, reader),
            ("torch._utils", "_rebuild_parameter" or "_rebuild_parameter_with_state") => Parameter(items, function),
            ("torch._tensor", "_rebuild_from_type_v2") => FromType(items, function, reader),
            ("numpy.core.multiarray" or "numpy._core.multiarray", "_reconstruct") => Array(reader),
            ("numpy", "dtype") => items is [string name, ..] ? new PickledDataType(name) : Unknown(function.ToString()),
            ("_codecs", "encode") => items is [string text, "latin1"] ? Latin1(text, reader) : Unknown(function.ToString()),
            ("builtins" or "__builtin__", "tuple") => items is [PickleTuple or PickleList] ? items[0] : Unknown(function.ToString()),
            _ => Unknown(function.ToString()),
        };
    }

    /// <summary>Returns the storage of a persistent id <c>('storage', type, key, location, count[, view])</c>.</summary>
    /// <exception cref="ModelException">Two ids with the same key disagree.</exception>
    public object Storage(object? id, PickleReader reader)
    {
        if (id is not PickleTuple { Items: ["storage", PickleGlobal global, object key, _, long count, ..] items } || count < 0
            || (key as string ?? (key as long?)?.ToString()) is not { } name)
        {
            return Unknown("a persistent id that is not a storage");
        }

        if (StorageType(global) is not { } type)
        {
            return Unknown(global.ToString());
        }

        PickledStorage storage = new(name, type, count);
        if (!_storages.TryAdd(name, storage) && _storages[name] != storage)
        {
            throw reader.Broken($"storage '{TextSanitizer.Sanitize(name)}' is declared twice with different types or lengths");
        }

        return items.ElementAtOrDefault(5) switch
        {
            null => new PickledStorageView(storage, 0),
            PickleTuple { Items: [_, long offset, _] } => new PickledStorageView(storage, offset),
            _ => Unknown("a malformed view of a storage"),
        };
    }

    private static ElementType? StorageType(PickleGlobal global) => (global.Module, global.Name) switch
    {
        ("torch" or "torch.cuda", "FloatStorage") => ElementType.F32,
        ("torch" or "torch.cuda", "DoubleStorage") => ElementType.F64,
        ("torch" or "torch.cuda", "HalfStorage") => ElementType.F16,
        ("torch" or "torch.cuda", "BFloat16Storage") => ElementType.BF16,
        ("torch" or "torch.cuda", "LongStorage") => ElementType.I64,
        ("torch" or "torch.cuda", "IntStorage") => ElementType.I32,
        ("torch" or "torch.cuda", "ShortStorage") => ElementType.I16,
        ("torch" or "torch.cuda", "CharStorage") => ElementType.I8,
        ("torch" or "torch.cuda", "ByteStorage") => ElementType.U8,
        ("torch" or "torch.cuda", "BoolStorage") => ElementType.Bool,
        ("torch" or "torch.storage", "UntypedStorage") => ElementType.U8,
        _ => null,
    };

    private static ElementType? TensorType(PickleGlobal type) => (type.Module, type.Name) switch
    {
        ("torch", "float32") => ElementType.F32,
        ("torch", "float64") => ElementType.F64,
        ("torch", "float16") => ElementType.F16,
        ("torch", "bfloat16") => ElementType.BF16,
        ("torch", "int64") => ElementType.I64,
        ("torch", "int32") => ElementType.I32,
        ("torch", "int16") => ElementType.I16,
        ("torch", "int8") => ElementType.I8,
        ("torch", "uint64") => ElementType.U64,
        ("torch", "uint32") => ElementType.U32,
        ("torch", "uint16") => ElementType.U16,
        ("torch", "uint8") => ElementType.U8,
        ("torch", "bool") => ElementType.Bool,
        _ => null,
    };

    private static long[]? Sizes(object? value)
    {
        object?[]? items = (value as PickleTuple)?.Items ?? (value as PickleList)?.Items.Take(MaximumRank + 1).ToArray();
        return items is { Length: <= MaximumRank } && System.Array.TrueForAll(items, item => item is long)
            ? [.. items.Cast<long>()]
            : null;
    }

    private static KeyValuePair<object?, object?> Pair(object? item) => item switch
    {
        PickleTuple { Items: [var key, var value] } => new(key, value),
        PickleList { Items: [var key, var value] } => new(key, value),
        _ => default,
    };

    private PickleDict Dictionary(object?[] arguments, int at, PickleReader reader)
    {
        IEnumerable<KeyValuePair<object?, object?>> entries = arguments.ElementAtOrDefault(at) switch
        {
            PickleDict source => source.Entries.Select(entry => KeyValuePair.Create<object?, object?>(entry.Key, entry.Value)),
            PickleList pairs => pairs.Items.Select(Pair),
            _ => [],
        };
        PickleDict dict = new();
        foreach ((object? key, object? value) in entries)
        {
            if (++_copiedEntries > MaximumCopiedEntries)
            {
                throw reader.Broken($"dictionaries are built from more than {MaximumCopiedEntries} entries of others");
            }

            dict.Set(key, value);
        }

        return dict;
    }

    private void CountTensor(PickleReader reader)
    {
        if (++_tensors > MaximumTensors)
        {
            throw reader.Broken($"it has more than {MaximumTensors} tensors");
        }
    }

    private PickledArray Array(PickleReader reader)
    {
        CountTensor(reader);
        return new PickledArray();
    }

    /// <summary>Protocols before 3 store bytes as text. Each text is encoded once in an honest file.</summary>
    private byte[] Latin1(string text, PickleReader reader)
    {
        _encodedBytes += text.Length;
        return _encodedBytes <= reader.Length ? System.Text.Encoding.Latin1.GetBytes(text) : throw reader.Broken("texts are encoded more than once");
    }

    /// <summary>(storage, offset, size, strides, requires_grad, hooks[, dtype, …]).</summary>
    private object Tensor(object?[] arguments, PickleGlobal? type, PickleGlobal function, PickleReader reader)
    {
        CountTensor(reader);
        if (arguments is [Placeholder placeholder, ..])
        {
            return placeholder;
        }

        ElementType? element = type is null ? null : TensorType(type);
        bool understood = arguments is [PickledStorageView, long, _, _, ..] && (type is null || element is not null);
        return understood && Sizes(arguments[2]) is { } shape && Sizes(arguments[3]) is { } strides
            && shape.Length == strides.Length
            && arguments[0] is PickledStorageView view && arguments[1] is long offset && offset >= 0 && view.Offset >= 0
            && view.Offset <= long.MaxValue - offset
            ? new PickledTensor(view.Storage, element ?? view.Storage.Type, view.Offset + offset, shape, strides)
            : Unknown($"{function} with unsupported arguments");
    }

    private object Parameter(object?[] arguments, PickleGlobal function) => arguments switch
    {
        [PickledTensor or Placeholder, ..] => arguments[0]!,
        _ => Unknown($"{function} with unsupported arguments"),
    };

    /// <summary>
    /// (function, class, arguments, attributes): a tensor with Python attributes, or an unknown subclass.
    /// </summary>
    private object? FromType(object?[] arguments, PickleGlobal function, PickleReader reader) => arguments switch
    {
        [PickleGlobal inner, PickleGlobal type, PickleTuple values, ..] when IsPlain(type) && inner.Name != function.Name =>
            Call(inner, values, reader),
        [_, PickleGlobal type, ..] => Unknown(type.ToString()),
        _ => Unknown(function.ToString()),
    };

    private static bool IsPlain(PickleGlobal type) =>
        (type.Module, type.Name) is ("torch", "Tensor") or ("torch.nn.parameter", "Parameter");
}
