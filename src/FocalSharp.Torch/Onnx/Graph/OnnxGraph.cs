using System.Globalization;
using System.Runtime.InteropServices;
using FocalSharp.Torch.Native;
using Google.Protobuf;
using static FocalSharp.Torch.Onnx.Graph.AttributeProto.Types;
using static FocalSharp.Torch.Onnx.Graph.TensorProto.Types;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Onnx.Graph;

/// <summary>
/// An ONNX graph under construction. Weights have the names of the state dict, nodes the path of the module that emitted them;
/// equal constants, and weights that several levels share, are stored once.
/// </summary>
public sealed partial class OnnxGraph
{
    private readonly GraphProto _graph = new() { Name = "focalsharp" };
    private readonly Dictionary<nn.Module, string> _paths = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxValue> _constants = new(StringComparer.Ordinal);
    private readonly HashSet<string> _initializers = new(StringComparer.Ordinal);
    private readonly int _operatorSet;
    private string _scope = "";

    /// <summary>Initializes an empty graph.</summary>
    /// <param name="root">The network that will be emitted; names come from it.</param>
    /// <param name="networkType">Type of the network's weights and features: float32 or float16.</param>
    /// <param name="operatorSet">Version of the operator set.</param>
    internal OnnxGraph(nn.Module root, DataType networkType = DataType.Float, int operatorSet = OnnxModel.OperatorSet)
    {
        (NetworkType, _operatorSet) = (networkType, operatorSet);
        _paths.Add(root, "");
        foreach ((string name, nn.Module module) in root.named_modules())
        {
            _paths.TryAdd(module, name);
        }
    }

    /// <summary>Gets the type of the network's weights and features.</summary>
    internal DataType NetworkType { get; }

    /// <summary>Emits a module.</summary>
    /// <typeparam name="TInput">Type of its input.</typeparam>
    /// <typeparam name="TOutput">Type of its output.</typeparam>
    /// <param name="module">The module, which must implement <see cref="IOnnxModule{TInput, TOutput}"/>.</param>
    /// <param name="input">Its input.</param>
    /// <exception cref="ModelException">The module does not implement the interface.</exception>
    public TOutput Emit<TInput, TOutput>(nn.Module module, TInput input)
    {
        string path = PathOf(module);
        if (module is not IOnnxModule<TInput, TOutput> part)
        {
            throw new ModelException(
                $"'{path}' cannot be exported to ONNX: {module.GetType().Name} does not implement IOnnxModule<{NameOf(typeof(TInput))}, {NameOf(typeof(TOutput))}>.");
        }

        using (BeginScope(path))
        {
            return part.Emit(this, input);
        }
    }

    /// <summary>Emits modules one after the other.</summary>
    /// <exception cref="ModelException">A module does not implement <c>IOnnxModule&lt;OnnxValue, OnnxValue&gt;</c>.</exception>
    public OnnxValue EmitChain(IEnumerable<nn.Module> modules, OnnxValue x) =>
        modules.Aggregate(x, (value, module) => Emit<OnnxValue, OnnxValue>(module, value));

    /// <summary>Adds a node with one output.</summary>
    /// <param name="operation">Name of the ONNX operator.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="attributes">Its attributes; each value is an integer, a float, a string or an array of long.</param>
    public OnnxValue Node(string operation, IReadOnlyList<OnnxValue> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        Node(operation, outputs: 1, inputs, attributes)[0];

    /// <summary>Adds a node with several outputs.</summary>
    /// <param name="operation">Name of the ONNX operator.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="attributes">Its attributes; each value is an integer, a float, a string or an array of long.</param>
    public OnnxValue[] Node(string operation, int outputs, IReadOnlyList<OnnxValue> inputs, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        string kind = _scope.Length == 0 ? operation : $"{_scope}/{operation}";
        ref int count = ref CollectionsMarshal.GetValueRefOrAddDefault(_nodes, kind, out _);
        string name = count++ == 0 ? kind : string.Create(CultureInfo.InvariantCulture, $"{kind}_{count}");
        OnnxValue[] values = [.. Enumerable.Range(0, outputs).Select(i => new OnnxValue(i == 0 ? $"{name}:out" : $"{name}:out{i}"))];
        NodeProto node = new()
        {
            Name = name,
            OpType = operation,
            Input = { inputs.Select(input => input.Name) },
            Output = { values.Select(value => value.Name) },
        };
        foreach ((string attribute, object value) in attributes)
        {
            node.Attribute.Add(CreateAttribute(attribute, value));
        }

        _graph.Node.Add(node);
        return values;
    }

    /// <summary>Adds a parameter or buffer of a module as a weight in the network's type.</summary>
    /// <param name="module">The module that has the parameter.</param>
    /// <param name="name">Name of the parameter in the module.</param>
    /// <param name="shape">Shape of the weight; none for the parameter's own.</param>
    public OnnxValue Parameter(nn.Module module, string name, params long[] shape)
    {
        Tensor tensor = module.state_dict()[name];
        string path = PathOf(module);
        return Weight(path.Length == 0 ? name : $"{path}.{name}", ReadValues(tensor), shape.Length == 0 ? tensor.shape : shape);
    }

    /// <summary>Adds a weight in the network's type, once per name.</summary>
    public OnnxValue Weight(string name, ReadOnlySpan<float> values, params long[] dims) => AddInitializer(name, NetworkType, values, dims);

    /// <summary>Adds a weight in float32, once per name.</summary>
    public OnnxValue Float32Weight(string name, ReadOnlySpan<float> values, params long[] dims) => AddInitializer(name, DataType.Float, values, dims);

    /// <summary>Adds a float32 constant.</summary>
    public OnnxValue Constant(ReadOnlySpan<float> values, params long[] dims) => Constant(OnnxTensor.Create("", DataType.Float, values, dims));

    /// <summary>Adds a float32 scalar.</summary>
    public OnnxValue Constant(float value) => Constant([value]);

    /// <summary>Adds an int64 list.</summary>
    public OnnxValue Integers(params long[] values) => Constant(OnnxTensor.Create("", values, values.Length));

    /// <summary>Adds an int64 scalar.</summary>
    public OnnxValue Integer(long value) => Constant(OnnxTensor.Create("", [value]));

    /// <summary>Declares an input.</summary>
    internal OnnxValue Input(string name, DataType type, params ReadOnlySpan<OnnxDimension> shape)
    {
        _graph.Input.Add(OnnxTensor.CreateValueInfo(name, type, shape));
        return new OnnxValue(name);
    }

    /// <summary>Declares an input with a default value.</summary>
    internal OnnxValue OptionalInput(TensorProto otherwise, params ReadOnlySpan<OnnxDimension> shape)
    {
        _graph.Initializer.Add(otherwise);
        return Input(otherwise.Name, otherwise.DataType, shape);
    }

    /// <summary>Declares an output under a name of its own.</summary>
    internal void Output(string name, OnnxValue value, DataType type, params ReadOnlySpan<OnnxDimension> shape)
    {
        foreach (NodeProto node in _graph.Node)
        {
            Rename(node.Input, value.Name, name);
            Rename(node.Output, value.Name, name);
        }

        _graph.Output.Add(OnnxTensor.CreateValueInfo(name, type, shape));
    }

    /// <summary>Returns the graph as it is written to the file.</summary>
    internal GraphProto ToProto() => _graph;

    /// <summary>Returns the path of a module in the network, as in the state dict: <c>backbone.layer1.0.conv1</c>.</summary>
    internal string PathOf(nn.Module module) => _paths.TryGetValue(module, out string? path)
        ? path
        : throw new ArgumentException($"The module {module.GetName()} is not part of the exported network; register it in its parent.", nameof(module));

    /// <summary>Sets the name prefix of the nodes added until the result is disposed.</summary>
    internal IDisposable BeginScope(string scope)
    {
        Scope outer = new(this, _scope);
        _scope = scope;
        return outer;
    }

    /// <summary>Returns the values of a tensor in row-major order.</summary>
    internal static float[] ReadValues(Tensor tensor)
    {
        using IDisposable guard = no_grad();
        using Tensor values = tensor.to(ScalarType.Float32);
        return NativeCopy.ToArray<float>(values);
    }

    /// <summary>Creates an attribute of a node.</summary>
    internal static AttributeProto CreateAttribute(string name, object value) => value switch
    {
        int number => new() { Name = name, I = number, Type = AttributeType.Int },
        long number => new() { Name = name, I = number, Type = AttributeType.Int },
        float number => new() { Name = name, F = number, Type = AttributeType.Float },
        string text => new() { Name = name, S = ByteString.CopyFromUtf8(text), Type = AttributeType.String },
        long[] numbers => new() { Name = name, Ints = { numbers }, Type = AttributeType.Ints },
        _ => throw new ArgumentException($"The attribute '{name}' is a {value.GetType().Name}; it must be an integer, a float, a string or an array of long.", nameof(value)),
    };

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;

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
