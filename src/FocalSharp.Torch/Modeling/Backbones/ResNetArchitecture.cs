namespace FocalSharp.Torch.Modeling.Backbones;

/// <summary>The published ResNets (He et al. 2015, table 1).</summary>
/// <param name="Blocks">Residual blocks of each of the four stages.</param>
/// <param name="Bottleneck">
/// Whether the blocks are 1x1–3x3–1x1, with <see cref="Expansion"/> times as many output channels as inner ones.
/// </param>
internal sealed record ResNetArchitecture(IReadOnlyList<int> Blocks, bool Bottleneck)
{
    private static readonly SortedDictionary<int, ResNetArchitecture> ByDepth = new()
    {
        [18] = new([2, 2, 2, 2], Bottleneck: false),
        [34] = new([3, 4, 6, 3], Bottleneck: false),
        [50] = new([3, 4, 6, 3], Bottleneck: true),
        [101] = new([3, 4, 23, 3], Bottleneck: true),
        [152] = new([3, 8, 36, 3], Bottleneck: true),
    };

    /// <summary>Gets the ratio of output channels to block channels.</summary>
    public int Expansion => Bottleneck ? 4 : 1;

    /// <summary>Returns the architecture of a depth.</summary>
    /// <exception cref="OptionException">There is no ResNet of that depth.</exception>
    public static ResNetArchitecture FromDepth(int depth) => ByDepth.TryGetValue(depth, out ResNetArchitecture? found)
        ? found
        : throw new OptionException($"Backbone depth is {depth}; it must be one of {string.Join(", ", ByDepth.Keys)}.")
        {
            OptionName = nameof(ResNetOptions.Depth),
        };

    /// <summary>Returns the depth of the ResNet with these blocks, or null if there is none.</summary>
    public static int? FindDepth(IReadOnlyList<int> blocks, bool bottleneck)
    {
        foreach ((int depth, ResNetArchitecture architecture) in ByDepth)
        {
            if (architecture.Bottleneck == bottleneck && architecture.Blocks.SequenceEqual(blocks))
            {
                return depth;
            }
        }

        return null;
    }
}
