namespace FocalSharp.Checkpoints.Pickling;

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
