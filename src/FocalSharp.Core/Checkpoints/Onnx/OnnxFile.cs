namespace FocalSharp.Checkpoints.Onnx;

/// <summary>
/// The nodes and floating-point tensors of an ONNX file. Nothing is executed, external data are not followed, and every count is
/// bounded by a constant and by the length of the file.
/// </summary>
internal sealed class OnnxFile
{
    private const long MaxBytes = 1L << 30;
    private const int MaxNodes = 50_000;
    private const int MaxTensors = 50_000;
    private const int MaxNames = 1_000_000;
    private const int MaxAttributes = 500_000;
    private const int MaxRank = 16;
    private const int MaxListLength = 1 << 16;

    private const int Float32 = 1;
    private const int Float16 = 10;

    private readonly string _path;
    private readonly List<OnnxNode> _nodes = [];
    private readonly Dictionary<string, StateTensor> _tensors = new(StringComparer.Ordinal);
    private readonly List<(string Name, IReadOnlyList<long> Shape)> _inputs = [];
    private int _names;
    private int _attributes;

    private OnnxFile(string path) => _path = path;

    /// <summary>Gets the operators in the file's order, which is topological.</summary>
    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>Gets the float32 and float16 tensors: initializers, and outputs of Constant nodes.</summary>
    public IReadOnlyDictionary<string, StateTensor> Tensors => _tensors;

    /// <summary>Gets the inputs that are not initializers, with their shapes; a dynamic size is 0.</summary>
    public IEnumerable<(string Name, IReadOnlyList<long> Shape)> Inputs => _inputs.Where(input => !_tensors.ContainsKey(input.Name));

    /// <summary>Returns whether a file is named as an ONNX file.</summary>
    public static bool IsOnnx(string path) => path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileException">The file cannot be read.</exception>
    /// <exception cref="ModelException">The file is not ONNX, damaged, or exceeds a bound.</exception>
    public static OnnxFile Read(string path)
    {
        byte[] bytes;
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > MaxBytes)
            {
                throw ProtobufReader.Broken(path, $"it has {stream.Length} bytes; the maximum is {MaxBytes}");
            }

            bytes = GC.AllocateUninitializedArray<byte>((int)stream.Length);
            stream.ReadExactly(bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"{path}: cannot be read ({exception.Message}). Check the path and its permissions.", exception) { Path = path };
        }

        return Parse(path, bytes);
    }

    /// <summary>Reads the contents of a file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="bytes">Its contents, which the tensors share.</param>
    public static OnnxFile Parse(string path, ReadOnlyMemory<byte> bytes)
    {
        OnnxFile file = new(path);
        ProtobufReader model = new(bytes, path);
        bool found = false;
        while (model.Next())
        {
            if (model is { Field: 7, IsBytes: true })
            {
                file.ReadGraph(model.ReadBytes());
                found = true;
            }
            else
            {
                model.Skip();
            }
        }

        return found ? file : throw ProtobufReader.Broken(path, "it has no graph");
    }

    private void ReadGraph(ReadOnlyMemory<byte> bytes)
    {
        ProtobufReader graph = new(bytes, _path);
        while (graph.Next())
        {
            switch (graph.Field)
            {
                case 1:
                    ReadNode(graph.ReadBytes());
                    Bound(_nodes.Count, MaxNodes, "nodes");
                    break;
                case 5:
                    (string name, StateTensor? tensor) = ReadTensor(graph.ReadBytes());
                    Add(name, tensor);
                    break;
                case 11:
                    ReadInput(graph.ReadBytes());
                    Bound(_inputs.Count, MaxTensors, "inputs");
                    break;
                default:
                    graph.Skip();
                    break;
            }
        }
    }

    private void ReadNode(ReadOnlyMemory<byte> bytes)
    {
        List<string> inputs = [];
        List<string> outputs = [];
        Dictionary<string, IReadOnlyList<long>> integers = new(StringComparer.Ordinal);
        string type = "";
        StateTensor? constant = null;
        ProtobufReader node = new(bytes, _path);
        while (node.Next())
        {
            switch (node.Field)
            {
                case 1 or 2:
                    (node.Field == 1 ? inputs : outputs).Add(node.ReadText());
                    Bound(++_names, MaxNames, "names of inputs and outputs");
                    break;
                case 4:
                    type = node.ReadText();
                    break;
                case 5:
                    Bound(++_attributes, MaxAttributes, "attributes");
                    constant = ReadAttribute(node.ReadBytes(), integers) ?? constant;
                    break;
                default:
                    node.Skip();
                    break;
            }
        }

        _nodes.Add(new OnnxNode(type, inputs, outputs, integers));
        if (type == "Constant" && outputs.Count == 1)
        {
            Add(outputs[0], constant);
        }
    }

    private StateTensor? ReadAttribute(ReadOnlyMemory<byte> bytes, Dictionary<string, IReadOnlyList<long>> integers)
    {
        string name = "";
        List<long> values = [];
        StateTensor? tensor = null;
        ProtobufReader attribute = new(bytes, _path);
        while (attribute.Next())
        {
            switch (attribute.Field)
            {
                case 1:
                    name = attribute.ReadText();
                    break;
                case 3 or 8:
                    attribute.ReadIntegers(values, MaxListLength);
                    break;
                case 5:
                    tensor = ReadTensor(attribute.ReadBytes()).Tensor;
                    break;
                default:
                    attribute.Skip();
                    break;
            }
        }

        if (values.Count > 0)
        {
            integers[name] = values;
        }

        return tensor;
    }

    private (string Name, StateTensor? Tensor) ReadTensor(ReadOnlyMemory<byte> bytes)
    {
        string name = "";
        long type = 0;
        List<long> shape = [];
        ReadOnlyMemory<byte>? data = null;
        bool external = false;
        ProtobufReader tensor = new(bytes, _path);
        while (tensor.Next())
        {
            switch (tensor.Field)
            {
                case 1:
                    tensor.ReadIntegers(shape, MaxRank);
                    break;
                case 2:
                    type = tensor.ReadInteger();
                    break;
                case 8:
                    name = tensor.ReadText();
                    break;
                case 4 or 9 when tensor.IsBytes: // packed float32, or raw
                    data = tensor.ReadBytes();
                    break;
                case 13:
                    external = true;
                    tensor.Skip();
                    break;
                default:
                    tensor.Skip();
                    break;
            }
        }

        ElementType? element = type switch
        {
            Float32 => ElementType.F32,
            Float16 => ElementType.F16,
            _ => null,
        };
        if (external && element is not null)
        {
            throw new ModelException($"{_path}: its tensor '{TextSanitizer.Sanitize(name)}' is in another file, which is not supported. Save the model as one file.") { Path = _path };
        }

        if (element is not { } known || data is not { } values)
        {
            return (name, null);
        }

        return StateTensor.CountElements(shape) is { } count && (Int128)count * ElementTypes.SizeOf(known) == values.Length
            ? (name, new StateTensor(known, shape, values))
            : throw ProtobufReader.Broken(
                _path, $"tensor '{TextSanitizer.Sanitize(name)}' of shape [{string.Join(", ", shape)}] has {values.Length} bytes");
    }

    private void ReadInput(ReadOnlyMemory<byte> bytes)
    {
        string name = "";
        List<long> shape = [];
        ProtobufReader input = new(bytes, _path);
        while (input.Next())
        {
            if (input.Field == 1)
            {
                name = input.ReadText();
            }
            else if (input.Field == 2)
            {
                // TypeProto.tensor_type (1), its shape (2), dim (1), dim_value (1).
                foreach (ReadOnlyMemory<byte> dimension in Select(Select(Select([input.ReadBytes()], 1), 2), 1).Take(MaxRank))
                {
                    ProtobufReader size = new(dimension, _path);
                    long value = 0;
                    while (size.Next())
                    {
                        if (size is { Field: 1, IsBytes: false })
                        {
                            value = size.ReadInteger();
                        }
                        else
                        {
                            size.Skip();
                        }
                    }

                    shape.Add(value);
                }
            }
            else
            {
                input.Skip();
            }
        }

        _inputs.Add((name, shape));
    }

    private List<ReadOnlyMemory<byte>> Select(List<ReadOnlyMemory<byte>> messages, int field)
    {
        List<ReadOnlyMemory<byte>> found = [];
        foreach (ReadOnlyMemory<byte> message in messages)
        {
            ProtobufReader reader = new(message, _path);
            while (reader.Next())
            {
                if (reader.Field == field && reader.IsBytes && found.Count < MaxRank)
                {
                    found.Add(reader.ReadBytes());
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        return found;
    }

    private void Add(string name, StateTensor? tensor)
    {
        if (tensor is not null)
        {
            _tensors[name] = tensor;
            Bound(_tensors.Count, MaxTensors, "tensors");
        }
    }

    private void Bound(int count, int max, string what)
    {
        if (count > max)
        {
            throw ProtobufReader.Broken(_path, $"it has more than {max} {what}");
        }
    }
}
