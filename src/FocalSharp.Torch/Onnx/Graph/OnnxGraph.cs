using System.Globalization;
using System.Runtime.InteropServices;
using static FocalSharp.Torch.Onnx.Graph.TensorProto.Types;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Onnx.Graph;

/// <summary>
/// An ONNX graph that grows node by node. Weights carry the names of the state dict, nodes the path of the module that wrote them;
/// equal constants, and weights that several levels share, are stored once.
/// </summary>
internal sealed class OnnxGraph
{
    private readonly GraphProto _graph = new() { Name = "focalsharp" };
    private readonly Dictionary<nn.Module, string> _paths = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxValue> _constants = new(StringComparer.Ordinal);
    private readonly HashSet<string> _initializers = new(StringComparer.Ordinal);
    private string _scope = "";

    /// <summary>Begins an empty graph.</summary>
    /// <param name="root">The network whose modules will write themselves; names come from it.</param>
    /// <param name="networkType">Type of the network's weights and features: float32 or float16.</param>
    public OnnxGraph(nn.Module root, DataType networkType = DataType.Float)
    {
        NetworkType = networkType;
        _paths.Add(root, "");
        foreach ((string name, nn.Module module) in root.named_modules())
        {
            _paths.TryAdd(module, name);
        }
    }

    /// <summary>Type of the network's weights and features.</summary>
    public DataType NetworkType { get; }

    /// <summary>Lets a module write itself.</summary>
    public TOutput Emit<TInput, TOutput>(IOnnxModule<TInput, TOutput> module, TInput input)
    {
        using (BeginScope(PathOf((nn.Module)module)))
        {
            return module.Emit(this, input);
        }
    }

    /// <summary>The path of a module in the network, as in the state dict: <c>backbone.layer1.0.conv1</c>.</summary>
    public string PathOf(nn.Module module) => _paths.TryGetValue(module, out string? path)
        ? path
        : throw new ArgumentException($"A {module.GetName()} is not part of the network that is written.", nameof(module));

    /// <summary>Names the nodes that follow, until disposed.</summary>
    public IDisposable BeginScope(string scope)
    {
        Scope outer = new(this, _scope);
        _scope = scope;
        return outer;
    }

    /// <summary>Adds a node with one output.</summary>
    public OnnxValue Node(string operation, IReadOnlyList<OnnxValue> inputs, params IReadOnlyList<AttributeProto> attributes) =>
        Node(operation, outputs: 1, inputs, attributes)[0];

    /// <summary>Adds a node with several outputs.</summary>
    public OnnxValue[] Node(string operation, int outputs, IReadOnlyList<OnnxValue> inputs, params IReadOnlyList<AttributeProto> attributes)
    {
        string kind = _scope.Length == 0 ? operation : $"{_scope}/{operation}";
        ref int count = ref CollectionsMarshal.GetValueRefOrAddDefault(_nodes, kind, out _);
        string name = count++ == 0 ? kind : string.Create(CultureInfo.InvariantCulture, $"{kind}_{count}");
        OnnxValue[] values = [.. Enumerable.Range(0, outputs).Select(i => new OnnxValue(i == 0 ? $"{name}:out" : $"{name}:out{i}"))];
        _graph.Node.Add(new NodeProto
        {
            Name = name,
            OpType = operation,
            Input = { inputs.Select(input => input.Name) },
            Output = { values.Select(value => value.Name) },
            Attribute = { attributes },
        });
        return values;
    }

    /// <summary>Weights of the network, converted to its type; stored once under a name.</summary>
    public OnnxValue Weight(string name, ReadOnlySpan<float> values, params long[] dims) => AddInitializer(name, NetworkType, values, dims);

    /// <summary>Weights of what stays in float32 in any network; stored once under a name.</summary>
    public OnnxValue Float32Weight(string name, ReadOnlySpan<float> values, params long[] dims) => AddInitializer(name, DataType.Float, values, dims);

    /// <summary>A float32 constant.</summary>
    public OnnxValue Constant(ReadOnlySpan<float> values, params long[] dims) => Constant(OnnxTensor.Create("", DataType.Float, values, dims));

    /// <summary>A float32 number.</summary>
    public OnnxValue Constant(float value) => Constant([value]);

    /// <summary>A list of int64 numbers.</summary>
    public OnnxValue Integers(params long[] values) => Constant(OnnxTensor.Create("", values, values.Length));

    /// <summary>An int64 number.</summary>
    public OnnxValue Integer(long value) => Constant(OnnxTensor.Create("", [value]));

    /// <summary>Declares an input.</summary>
    public OnnxValue Input(string name, DataType type, params ReadOnlySpan<OnnxDimension> shape)
    {
        _graph.Input.Add(OnnxTensor.CreateValueInfo(name, type, shape));
        return new OnnxValue(name);
    }

    /// <summary>Declares an input that may be left out.</summary>
    public OnnxValue OptionalInput(TensorProto otherwise, params ReadOnlySpan<OnnxDimension> shape)
    {
        _graph.Initializer.Add(otherwise);
        return Input(otherwise.Name, otherwise.DataType, shape);
    }

    /// <summary>Declares an output under a name of its own.</summary>
    public void Output(string name, OnnxValue value, DataType type, params ReadOnlySpan<OnnxDimension> shape)
    {
        foreach (NodeProto node in _graph.Node)
        {
            Rename(node.Input, value.Name, name);
            Rename(node.Output, value.Name, name);
        }

        _graph.Output.Add(OnnxTensor.CreateValueInfo(name, type, shape));
    }

    /// <summary>The graph as it is written to the file.</summary>
    public GraphProto ToProto() => _graph;

    private OnnxValue AddInitializer(string name, DataType type, ReadOnlySpan<float> values, long[] dims)
    {
        if (_initializers.Add(name))
        {
            _graph.Initializer.Add(OnnxTensor.Create(name, type, values, dims));
        }

        return new OnnxValue(name);
    }

    private OnnxValue Constant(TensorProto tensor)
    {
        string key = $"{tensor.DataType}[{string.Join(',', tensor.Dims)}]{tensor.RawData.ToBase64()}";
        if (!_constants.TryGetValue(key, out OnnxValue value))
        {
            value = new OnnxValue(string.Create(CultureInfo.InvariantCulture, $"constant.{_constants.Count}"));
            tensor.Name = value.Name;
            _constants.Add(key, value);
            _graph.Initializer.Add(tensor);
        }

        return value;
    }

    private static void Rename(IList<string> names, string old, string name)
    {
        for (int i = 0; i < names.Count; i++)
        {
            names[i] = string.Equals(names[i], old, StringComparison.Ordinal) ? name : names[i];
        }
    }

    private sealed class Scope(OnnxGraph graph, string outer) : IDisposable
    {
        public void Dispose() => graph._scope = outer;
    }
}
