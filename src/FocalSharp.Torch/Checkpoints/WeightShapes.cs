using FocalSharp.Checkpoints;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>Names and shapes of a file's tensors.</summary>
internal sealed class WeightShapes(StateDict weights)
{
    public IEnumerable<string> Names => weights.Names;

    public string First => weights.Names.Count == 0 ? "" : weights.Names[0];

    public bool Has(string name) => weights.Contains(name);

    /// <summary>
    /// Returns the shape of a tensor that must exist with the given number of dimensions, each of a plausible size.
    /// </summary>
    public long[] GetShape(string name, int rank)
    {
        if (!weights.TryGet(name, out StateTensor? tensor))
        {
            throw new ModelException($"the file does not contain a complete GFL detector: '{name}' is missing.");
        }

        return tensor.Shape.Count == rank && tensor.Shape.All(size => size is > 0 and < 1 << 20)
            ? [.. tensor.Shape]
            : throw new ModelException(
                $"the file's '{name}' is [{string.Join(", ", tensor.Shape)}], where {rank} dimensions are expected.");
    }

    /// <summary>Returns the number of distinct indices after a prefix: the length of a list of modules.</summary>
    public int CountChildren(string prefix) =>
        weights.Names
            .Where(name => name.StartsWith(prefix + ".", StringComparison.Ordinal))
            .Select(name => name[(prefix.Length + 1)..].Split('.')[0])
            .Where(part => int.TryParse(part, out _))
            .Distinct(StringComparer.Ordinal)
            .Count();
}
