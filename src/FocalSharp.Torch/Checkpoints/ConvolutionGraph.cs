namespace FocalSharp.Torch.Checkpoints;

/// <summary>
/// The convolutions of a network and which of them feed which, through any other operators. It identifies the convolutions of a file
/// without names, whose order depends on the exporter.
/// </summary>
internal sealed class ConvolutionGraph
{
    private readonly List<ConvolutionNode> _nodes = [];
    private readonly Dictionary<string, SortedSet<int>> _sources = new(StringComparer.Ordinal);

    /// <summary>Gets the convolutions in the order in which they were added.</summary>
    public IReadOnlyList<ConvolutionNode> Nodes => _nodes;

    /// <summary>Adds a convolution whose input was written by operators added before, or is the network's.</summary>
    public void AddConvolution(string name, ConvolutionShape shape, string input, string output)
    {
        _sources[output] = [_nodes.Count];
        _nodes.Add(new ConvolutionNode(name, shape, [.. Find(input)]));
    }

    /// <summary>Adds any other operator.</summary>
    public void AddOperator(IEnumerable<string> inputs, IEnumerable<string> outputs)
    {
        SortedSet<int> union = [.. inputs.SelectMany(Find)];
        foreach (string output in outputs)
        {
            _sources[output] = union;
        }
    }

    /// <summary>
    /// Returns for each convolution of this graph the index of the one of another graph at the same place; null if the graphs differ.
    /// </summary>
    /// <remarks>
    /// Color refinement (Weisfeiler and Leman): convolutions of one shape have one color at first; then repeatedly those whose
    /// predecessors or successors have different colors get different ones.
    /// </remarks>
    public int[]? Match(ConvolutionGraph other)
    {
        if (other._nodes.Count != _nodes.Count)
        {
            return null;
        }

        Dictionary<string, int> shapes = new(StringComparer.Ordinal);
        (int[] mine, int[] theirs) = (Colors(this, shapes), Colors(other, shapes));
        int[][] following = Successors(_nodes);
        int[][] othersFollowing = Successors(other._nodes);
        for (int distinct = 0; mine.Distinct().Count() > distinct;)
        {
            distinct = mine.Distinct().Count();
            Dictionary<string, int> colors = new(StringComparer.Ordinal);
            (mine, theirs) = (Refine(_nodes, following, mine, colors), Refine(other._nodes, othersFollowing, theirs, colors));
        }

        Dictionary<int, int> places = [];
        for (int i = 0; i < theirs.Length; i++)
        {
            if (!places.TryAdd(theirs[i], i))
            {
                return null;
            }
        }

        return Array.TrueForAll(mine, places.ContainsKey) && mine.Distinct().Count() == mine.Length ? Array.ConvertAll(mine, color => places[color]) : null;
    }

    private IEnumerable<int> Find(string blob) => _sources.TryGetValue(blob, out SortedSet<int>? sources) ? sources : [];

    private static int[] Colors(ConvolutionGraph graph, Dictionary<string, int> known) => [.. graph._nodes.Select(node => Number(known, node.Shape.ToString()))];

    private static int[][] Successors(List<ConvolutionNode> nodes)
    {
        List<int>[] following = [.. nodes.Select(_ => new List<int>())];
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (int source in nodes[i].Sources)
            {
                following[source].Add(i);
            }
        }

        return [.. following.Select(list => list.ToArray())];
    }

    private static int[] Refine(List<ConvolutionNode> nodes, int[][] following, int[] colors, Dictionary<string, int> known) =>
        [.. nodes.Select((node, i) => Number(
            known,
            $"{colors[i]}|{string.Join(',', node.Sources.Select(source => colors[source]).Order())}|{string.Join(',', following[i].Select(next => colors[next]).Order())}"))];

    private static int Number(Dictionary<string, int> known, string key)
    {
        if (!known.TryGetValue(key, out int number))
        {
            known.Add(key, number = known.Count);
        }

        return number;
    }
}

/// <summary>A convolution in a <see cref="ConvolutionGraph"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Sources">The convolutions whose outputs reach its input without passing another one.</param>
internal sealed record ConvolutionNode(string Name, ConvolutionShape Shape, IReadOnlyList<int> Sources);

/// <summary>What is known of a convolution beside its place.</summary>
/// <param name="Out">Number of output channels.</param>
/// <param name="InPerGroup">Number of input channels of a group.</param>
/// <param name="Kernel">Size of the kernel.</param>
/// <param name="Stride">Stride in both directions.</param>
/// <param name="Groups">Number of groups.</param>
internal readonly record struct ConvolutionShape(long Out, long InPerGroup, long Kernel, long Stride, long Groups);
