using FocalSharp.Checkpoints;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>Questions about a file's names and shapes, with answers a user can act on.</summary>
internal sealed class WeightShapes(StateDict weights)
{
    public IEnumerable<string> Names => weights.Names;

    public string First => weights.Names.Count == 0 ? "" : weights.Names[0];

    public bool Has(string name) => weights.Contains(name);

    /// <summary>The shape of a tensor that must exist with so many dimensions, none of them empty or absurd.</summary>
    public long[] GetShape(string name, int rank)
    {
        if (!weights.TryGet(name, out StateTensor? tensor))
        {
            throw new FocalSharpException($"the file holds no whole GFL detector: '{name}' is missing.");
        }

        return tensor.Shape.Count == rank && tensor.Shape.All(size => size is > 0 and < 1 << 20)
            ? [.. tensor.Shape]
            : throw new FocalSharpException(
                $"the file's '{name}' is [{string.Join(", ", tensor.Shape)}], where {rank} dimensions are expected.");
    }

    /// <summary>How many distinct numbers follow a prefix: the length of a list of modules.</summary>
    public int CountChildren(string prefix) =>
        weights.Names
            .Where(name => name.StartsWith(prefix + ".", StringComparison.Ordinal))
            .Select(name => name[(prefix.Length + 1)..].Split('.')[0])
            .Where(part => int.TryParse(part, out _))
            .Distinct(StringComparer.Ordinal)
            .Count();
}
