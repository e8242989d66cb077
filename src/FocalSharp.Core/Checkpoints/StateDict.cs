using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace FocalSharp.Checkpoints;

/// <summary>Named tensors in the order of their module or file, with the file's free text beside them. Immutable.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "The field says state dict.")]
public sealed class StateDict : IReadOnlyCollection<KeyValuePair<string, StateTensor>>
{
    private readonly OrderedDictionary<string, StateTensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>Collects tensors.</summary>
    /// <param name="tensors">Names, each once, and tensors.</param>
    /// <param name="metadata">Free text kept with the tensors; null for none.</param>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public StateDict(IEnumerable<KeyValuePair<string, StateTensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        foreach ((string name, StateTensor tensor) in tensors)
        {
            _tensors.Add(name, tensor);
        }

        Metadata = metadata ?? new Dictionary<string, string>();
    }

    /// <summary>Free text: in safetensors the header's <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The names in order.</summary>
    public IReadOnlyList<string> Names => _tensors.Keys;

    /// <summary>Number of tensors.</summary>
    public int Count => _tensors.Count;

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="KeyNotFoundException">No tensor has the name.</exception>
    public StateTensor this[string name] => _tensors[name];

    /// <summary>Whether a tensor has the name.</summary>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>The tensor of a name, where there is one.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out StateTensor? tensor) => _tensors.TryGetValue(name, out tensor);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, StateTensor>> GetEnumerator() => _tensors.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
