using FocalSharp.Torch.Onnx.Graph;
using static FocalSharp.Torch.Onnx.Graph.TensorProto.Types;

namespace FocalSharp.Torch.Onnx.Quantization;

/// <summary>
/// Quantizes a float32 file to 8 bits in the QDQ form, which every runtime reads and fuses: features in uint8 with measured
/// ranges, convolution weights in int8 per output channel, biases in int32.
/// </summary>
internal static class OnnxQuantizer
{
    private const float QuantizationSteps = byte.MaxValue;

    private static readonly HashSet<string> NoNames = [];

    /// <summary>Returns the features whose ranges must be measured before <see cref="Quantize"/>.</summary>
    public static IReadOnlyList<string> GetCalibrationFeatures(OnnxModel model) => [.. new QuantizationPlan(model.Proto.Graph, NoNames).CalibrationFeatures];

    /// <summary>Returns the names of the convolutions that <see cref="Quantize"/> quantizes unless they are to remain in float32.</summary>
    public static IReadOnlyList<string> GetConvolutions(OnnxModel model) =>
        [.. new QuantizationPlan(model.Proto.Graph, NoNames).Nodes.Where(node => node.OpType == "Conv").Select(node => node.Name).Distinct(StringComparer.Ordinal)];

    /// <summary>Returns the same file with features as additional outputs, for measuring them.</summary>
    public static OnnxModel AddOutputs(OnnxModel model, IEnumerable<string> features)
    {
        ModelProto copy = model.Proto.Clone();

        // Unique names: a runtime takes dimensions with the same name to be equal.
        copy.Graph.Output.AddRange(features.Select((feature, i) => OnnxTensor.CreateValueInfo(feature, DataType.Float, "batch", $"c{i}", $"h{i}", $"w{i}")));
        return new OnnxModel(copy);
    }

    /// <summary>Quantizes a file.</summary>
    /// <param name="model">A float32 file.</param>
    /// <param name="ranges">The measured range of each of <see cref="GetCalibrationFeatures"/>.</param>
    /// <param name="floatConvolutions">The names of convolutions that remain in float32; null for none.</param>
    public static OnnxModel Quantize(
        OnnxModel model, IReadOnlyDictionary<string, ActivationRange> ranges, IReadOnlySet<string>? floatConvolutions = null)
    {
        ModelProto copy = model.Proto.Clone();
        new GraphRewriter(copy.Graph, ranges, floatConvolutions ?? NoNames).Run();
        copy.MetadataProps.Add(new StringStringEntryProto { Key = "focalsharp.precision", Value = "int8" });
        return new OnnxModel(copy);
    }

    private sealed class GraphRewriter
    {
        private readonly GraphProto _graph;
        private readonly QuantizationPlan _plan;
        private readonly Dictionary<string, (float Scale, byte Zero)> _parameters;
        private readonly Dictionary<string, TensorProto> _initializers;
        private readonly HashSet<string> _addedNames = new(StringComparer.Ordinal);
        private readonly List<NodeProto> _nodes = [];

        public GraphRewriter(GraphProto graph, IReadOnlyDictionary<string, ActivationRange> ranges, IReadOnlySet<string> floatConvolutions)
        {
            _graph = graph;
            _plan = new QuantizationPlan(graph, floatConvolutions);
            QuantizationPlan complete = new(graph, NoNames); // a pool that remains in float32 has its input's range too
            _initializers = graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
            _parameters = _plan.Features.ToDictionary(feature => feature, feature => ComputeParameters(ranges[complete.GetRangeSource(feature)]), StringComparer.Ordinal);
        }

        public void Run()
        {
            foreach (NodeProto node in _graph.Node.ToArray())
            {
                bool inside = _plan.Nodes.Contains(node);
                string original = node.Input.Count > 0 ? node.Input[0] : "";
                for (int i = 0; i < node.Input.Count; i++)
                {
                    string input = node.Input[i];
                    if (_parameters.ContainsKey(input) && node.OpType != "Shape" && (inside || _plan.IsQuantizedOutput(input)))
                    {
                        node.Input[i] = DequantizedName(input);
                    }
                }

                if (inside && node.OpType == "Conv")
                {
                    QuantizeWeights(node, _parameters[original].Scale);
                }

                _nodes.Add(node);
                foreach (string output in node.Output.Where(_parameters.ContainsKey))
                {
                    AddQuantizeDequantize(output);
                }
            }

            _graph.Node.Clear();
            _graph.Node.AddRange(_nodes);
            HashSet<string> used = [.. _nodes.SelectMany(node => node.Input), .. _graph.Input.Select(input => input.Name)];
            TensorProto[] retained = [.. _graph.Initializer.Where(tensor => used.Contains(tensor.Name))];
            _graph.Initializer.Clear();
            _graph.Initializer.AddRange(retained);
        }

        /// <summary>Adds a conversion to uint8 and back, which a runtime fuses with the nodes around it.</summary>
        private void AddQuantizeDequantize(string feature)
        {
            (float scale, byte zero) = _parameters[feature];
            string step = AddInitializer(OnnxTensor.Create($"{feature}:scale", DataType.Float, [scale]));
            string origin = AddInitializer(OnnxTensor.Create<byte>($"{feature}:zero", DataType.Uint8, [zero]));
            string eight = $"{feature}:uint8";
            _nodes.Add(Node("QuantizeLinear", eight, feature, step, origin));
            _nodes.Add(Node("DequantizeLinear", DequantizedName(feature), eight, step, origin));
        }

        private void QuantizeWeights(NodeProto conv, float inputScale)
        {
            TensorProto weight = _initializers[conv.Input[1]];
            TensorProto? bias = conv.Input.Count > 2 ? _initializers[conv.Input[2]] : null;
            int channels = (int)weight.Dims[0];
            QuantizedWeights quantized = QuantizedWeights.Quantize(
                OnnxTensor.ToFloats(weight), bias is null ? [] : OnnxTensor.ToFloats(bias), channels, inputScale);

            // Shared weights differ between levels only in the bias, unless a scale had to be coarsened for it.
            string name = CanShare(weight.Name, quantized) ? weight.Name : $"{conv.Name}:{weight.Name}";
            string values = AddInitializer(OnnxTensor.Create<sbyte>($"{name}:int8", DataType.Int8, quantized.Values, [.. weight.Dims]));
            string scales = AddInitializer(OnnxTensor.Create($"{name}:scale", DataType.Float, quantized.Scales, channels));
            string zeros = AddInitializer(OnnxTensor.Create<sbyte>($"int8.zeros.{channels}", DataType.Int8, new sbyte[channels], channels));
            conv.Input[1] = $"{conv.Name}:weight";
            _nodes.Add(Node("DequantizeLinear", conv.Input[1], values, scales, zeros));
            if (quantized.Bias is { } shifts)
            {
                string stored = AddInitializer(OnnxTensor.Create<int>($"{conv.Name}:bias:int32", DataType.Int32, shifts, channels));
                float[] products = [.. quantized.Scales.Select(scale => scale * inputScale)];
                string step = AddInitializer(OnnxTensor.Create($"{conv.Name}:bias:scale", DataType.Float, products, channels));
                string zero = AddInitializer(OnnxTensor.Create<int>($"int32.zeros.{channels}", DataType.Int32, new int[channels], channels));
                conv.Input[2] = $"{conv.Name}:bias";
                _nodes.Add(Node("DequantizeLinear", conv.Input[2], stored, step, zero));
            }
        }

        private bool CanShare(string name, QuantizedWeights quantized) =>
            !_initializers.TryGetValue($"{name}:scale", out TensorProto? scales) || OnnxTensor.ToFloats(scales).AsSpan().SequenceEqual(quantized.Scales);

        private string AddInitializer(TensorProto tensor)
        {
            if (_addedNames.Add(tensor.Name))
            {
                _initializers[tensor.Name] = tensor;
                _graph.Initializer.Add(tensor);
            }

            return tensor.Name;
        }

        private static string DequantizedName(string feature) => $"{feature}:float";

        // Per output channel (axis 0) if the scale is a list; the attribute is ignored for a single number.
        private static NodeProto Node(string operation, string output, params string[] inputs) => new()
        {
            Name = $"{output}/{operation}",
            OpType = operation,
            Input = { inputs },
            Output = { output },
            Attribute = { OnnxGraph.CreateAttribute("axis", 0) },
        };

        // 0 must be representable exactly: padding and ReLU produce it.
        private static (float Scale, byte Zero) ComputeParameters(ActivationRange range)
        {
            float min = Math.Min(range.Min, 0);
            float max = Math.Max(range.Max, 0);
            float scale = Math.Max((max - min) / QuantizationSteps, 1e-9f);
            return (scale, (byte)Math.Clamp(MathF.Round(-min / scale), 0, QuantizationSteps));
        }
    }
}
