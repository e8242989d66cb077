using FocalSharp.Torch.Onnx.Graph;
using static FocalSharp.Torch.Onnx.Graph.TensorProto.Types;

namespace FocalSharp.Torch.Onnx.Quantization;

/// <summary>
/// Selects the nodes of a graph that compute in 8 bits: the network's convolutions, and sums, pooling, nearest upsampling,
/// ReLU6, LeakyReLU and concatenation between them. Norms, deformable convolutions, the head's last convolutions and decoding remain in float32.
/// </summary>
internal sealed class QuantizationPlan
{
    // Scores and distributions are the outputs of these: one step of 8 bits would be visible in every box.
    private static readonly string[] LastLayers = ["bbox_head.gfl_cls", "bbox_head.gfl_reg"];

    // Eighths of a pixel would be steps of 8 bits; the deformable convolutions themselves are another operator.
    private const string DeformableOffsets = ".conv_offset";

    private static readonly string[] Network = ["backbone", "neck", "bbox_head"];

    private readonly GraphProto _graph;
    private readonly IReadOnlySet<string> _floatConvolutions;
    private readonly Dictionary<string, List<NodeProto>> _consumers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _initializers;
    private readonly HashSet<string> _quantizedOutputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _rangeSources = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, bool> _features = new(StringComparer.Ordinal);

    /// <summary>Selects nodes.</summary>
    /// <param name="graph">The float32 graph.</param>
    /// <param name="floatConvolutions">The names of convolutions that remain in float32.</param>
    public QuantizationPlan(GraphProto graph, IReadOnlySet<string> floatConvolutions)
    {
        (_graph, _floatConvolutions) = (graph, floatConvolutions);
        _initializers = [.. graph.Initializer.Select(tensor => tensor.Name)];
        foreach (NodeProto node in graph.Node)
        {
            foreach (string input in node.Input)
            {
                if (!_consumers.TryGetValue(input, out List<NodeProto>? users))
                {
                    _consumers.Add(input, users = []);
                }

                users.Add(node);
            }
        }

        foreach (NodeProto node in graph.Node)
        {
            if (ShouldQuantize(node))
            {
                Add(node);
            }
        }
    }

    /// <summary>Gets the nodes that compute in 8 bits.</summary>
    public HashSet<NodeProto> Nodes { get; } = [];

    /// <summary>Gets the features that are stored in 8 bits.</summary>
    public IReadOnlyList<string> Features => [.. _features.Keys];

    /// <summary>Gets the features whose range must be measured; the ranges of the others follow.</summary>
    public IEnumerable<string> CalibrationFeatures => _features.Keys.Where(feature => !_rangeSources.ContainsKey(feature));

    /// <summary>
    /// Returns the feature whose range another feature has: a pool's output has its input's, a ReLU's or ReLU6's output its own.
    /// </summary>
    public string GetRangeSource(string feature) => _rangeSources.TryGetValue(feature, out string? source) ? GetRangeSource(source) : feature;

    /// <summary>Returns whether a feature is the output of a node that computes in 8 bits.</summary>
    public bool IsQuantizedOutput(string feature) => _quantizedOutputs.Contains(feature);

    private bool ShouldQuantize(NodeProto node) => Array.Exists(Network, part => node.Name.StartsWith(part, StringComparison.Ordinal)) && node.OpType switch
    {
        "Conv" => !Array.Exists(LastLayers, part => node.Name.StartsWith(part, StringComparison.Ordinal))
            && !node.Name.Contains(DeformableOffsets, StringComparison.Ordinal) && !_floatConvolutions.Contains(node.Name) && IsFloat(node.Input[1]),
        "Resize" => IsQuantizedOutput(node.Input[0]) && node.Attribute.Any(attribute => attribute.Name == "mode" && attribute.S.ToStringUtf8() == "nearest"),
        "MaxPool" or "LeakyRelu" => IsQuantizedOutput(node.Input[0]),
        "Add" or "Concat" => node.Input.All(IsQuantizedOutput),
        _ => false,
    };

    private void Add(NodeProto node)
    {
        Nodes.Add(node);
        foreach (string input in node.OpType is "Add" or "Concat" ? node.Input.ToArray() : [node.Input[0]])
        {
            _features.TryAdd(input, true);
        }

        string output = node.Output[0];
        if (_consumers.TryGetValue(output, out List<NodeProto>? users) && users.Where(user => user.OpType != "Shape").ToArray() is [{ OpType: "Relu" or "Clip" } relu])
        {
            output = relu.Output[0];
        }
        else if (node.OpType is "MaxPool" or "Resize")
        {
            _rangeSources.Add(output, node.Input[0]);
        }

        _quantizedOutputs.Add(output);
        _features.TryAdd(output, true);
    }

    private bool IsFloat(string weight) =>
        _initializers.Contains(weight) && _graph.Initializer.First(tensor => tensor.Name == weight).DataType == DataType.Float;
}
