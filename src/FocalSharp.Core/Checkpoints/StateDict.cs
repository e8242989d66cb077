using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace FocalSharp.Checkpoints;

/// <summary>Named tensors in the order of their module or file, with free-text metadata. Immutable.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "The field says state dict.")]
public sealed class StateDict : IReadOnlyCollection<KeyValuePair<string, StateTensor>>
{
    private readonly OrderedDictionary<string, StateTensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>Creates a state dict.</summary>
    /// <param name="tensors">Unique names and tensors.</param>
    /// <param name="metadata">Free text stored with the tensors; null for none.</param>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public StateDict(IEnumerable<KeyValuePair<string, StateTensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        foreach ((string name, StateTensor tensor) in tensors)
        {
            _tensors.Add(name, tensor);
        }

        Metadata = metadata ?? new Dictionary<string, string>();
    }

    /// <summary>Gets the free text; in safetensors, the header's <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Gets the names in order.</summary>
    public IReadOnlyList<string> Names => _tensors.Keys;

    /// <summary>Gets the number of tensors.</summary>
    public int Count => _tensors.Count;

    /// <summary>Gets the tensor with a name.</summary>
    /// <exception cref="KeyNotFoundException">There is no tensor with this name.</exception>
    public StateTensor this[string name] => _tensors[name];

    /// <summary>Returns whether there is a tensor with a name.</summary>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>Finds the tensor with a name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out StateTensor? tensor) => _tensors.TryGetValue(name, out tensor);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, StateTensor>> GetEnumerator() => _tensors.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
