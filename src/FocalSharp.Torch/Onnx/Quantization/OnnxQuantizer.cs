using FocalSharp.Torch.Onnx.Graph;
using static FocalSharp.Torch.Onnx.Graph.TensorProto.Types;

namespace FocalSharp.Torch.Onnx.Quantization;

/// <summary>
/// Turns a float32 file into an 8-bit one in the QDQ form, which every runtime reads and fuses: features in uint8 with measured ranges,
/// convolution weights in int8 per output channel, biases in int32.
/// </summary>
public static class OnnxQuantizer
{
    private const float Steps = byte.MaxValue;

    /// <summary>The features whose ranges must be measured before <see cref="Quantize"/>.</summary>
    public static IReadOnlyList<string> Features(OnnxModel model) => [.. new QuantizationPlan(model.Proto.Graph).Measured];

    /// <summary>The same file with features as further outputs, for measuring them.</summary>
    public static OnnxModel WithOutputs(OnnxModel model, IEnumerable<string> features)
    {
        ModelProto copy = model.Proto.Clone();

        // Names of their own: where two shapes have the same names a runtime takes them to be equal.
        copy.Graph.Output.AddRange(features.Select((feature, i) => OnnxTensor.Info(feature, DataType.Float, "batch", $"c{i}", $"h{i}", $"w{i}")));
        return new OnnxModel(copy);
    }

    /// <summary>Quantises.</summary>
    /// <param name="model">A float32 file.</param>
    /// <param name="ranges">The measured range of each of <see cref="Features"/>.</param>
    public static OnnxModel Quantize(OnnxModel model, IReadOnlyDictionary<string, ActivationRange> ranges)
    {
        ModelProto copy = model.Proto.Clone();
        new Rewriting(copy.Graph, ranges).Run();
        copy.MetadataProps.Add(new StringStringEntryProto { Key = "focalsharp.precision", Value = "int8" });
        return new OnnxModel(copy);
    }

    private sealed class Rewriting
    {
        private readonly GraphProto _graph;
        private readonly QuantizationPlan _plan;
        private readonly Dictionary<string, (float Scale, byte Zero)> _steps;
        private readonly Dictionary<string, TensorProto> _stored;
        private readonly HashSet<string> _written = new(StringComparer.Ordinal);
        private readonly List<NodeProto> _nodes = [];

        public Rewriting(GraphProto graph, IReadOnlyDictionary<string, ActivationRange> ranges)
        {
            _graph = graph;
            _plan = new QuantizationPlan(graph);
            _stored = graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
            _steps = _plan.Features.ToDictionary(feature => feature, feature => StepsOf(ranges[_plan.RangeOf(feature)]), StringComparer.Ordinal);
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
                    if (_steps.ContainsKey(input) && node.OpType != "Shape" && (inside || _plan.IsResult(input)))
                    {
                        node.Input[i] = Dequantized(input);
                    }
                }

                if (inside && node.OpType == "Conv")
                {
                    QuantizeWeights(node, _steps[original].Scale);
                }

                _nodes.Add(node);
                foreach (string output in node.Output.Where(_steps.ContainsKey))
                {
                    AddPair(output);
                }
            }

            _graph.Node.Clear();
            _graph.Node.AddRange(_nodes);
            HashSet<string> used = [.. _nodes.SelectMany(node => node.Input), .. _graph.Input.Select(input => input.Name)];
            TensorProto[] kept = [.. _graph.Initializer.Where(tensor => used.Contains(tensor.Name))];
            _graph.Initializer.Clear();
            _graph.Initializer.AddRange(kept);
        }

        /// <summary>From float32 to uint8 and back: what a runtime fuses with the nodes around it.</summary>
        private void AddPair(string feature)
        {
            (float scale, byte zero) = _steps[feature];
            string step = Store(OnnxTensor.Of($"{feature}:scale", DataType.Float, [scale]));
            string origin = Store(OnnxTensor.Of<byte>($"{feature}:zero", DataType.Uint8, [zero]));
            string eight = $"{feature}:uint8";
            _nodes.Add(Node("QuantizeLinear", eight, feature, step, origin));
            _nodes.Add(Node("DequantizeLinear", Dequantized(feature), eight, step, origin));
        }

        private void QuantizeWeights(NodeProto conv, float inputScale)
        {
            TensorProto weight = _stored[conv.Input[1]];
            TensorProto? bias = conv.Input.Count > 2 ? _stored[conv.Input[2]] : null;
            int channels = (int)weight.Dims[0];
            QuantizedWeights quantized = QuantizedWeights.Of(
                OnnxTensor.Floats(weight), bias is null ? [] : OnnxTensor.Floats(bias), channels, inputScale);

            // Shared weights differ from level to level in nothing but the bias, unless a scale had to be coarsened for it.
            string name = Shared(weight.Name, quantized) ? weight.Name : $"{conv.Name}:{weight.Name}";
            string values = Store(OnnxTensor.Of<sbyte>($"{name}:int8", DataType.Int8, quantized.Values, [.. weight.Dims]));
            string scales = Store(OnnxTensor.Of($"{name}:scale", DataType.Float, quantized.Scales, channels));
            string zeros = Store(OnnxTensor.Of<sbyte>($"int8.zeros.{channels}", DataType.Int8, new sbyte[channels], channels));
            conv.Input[1] = $"{conv.Name}:weight";
            _nodes.Add(Node("DequantizeLinear", conv.Input[1], values, scales, zeros));
            if (quantized.Bias is { } shifts)
            {
                string stored = Store(OnnxTensor.Of<int>($"{conv.Name}:bias:int32", DataType.Int32, shifts, channels));
                float[] products = [.. quantized.Scales.Select(scale => scale * inputScale)];
                string step = Store(OnnxTensor.Of($"{conv.Name}:bias:scale", DataType.Float, products, channels));
                string zero = Store(OnnxTensor.Of<int>($"int32.zeros.{channels}", DataType.Int32, new int[channels], channels));
                conv.Input[2] = $"{conv.Name}:bias";
                _nodes.Add(Node("DequantizeLinear", conv.Input[2], stored, step, zero));
            }
        }

        private bool Shared(string name, QuantizedWeights quantized) =>
            !_stored.TryGetValue($"{name}:scale", out TensorProto? scales) || OnnxTensor.Floats(scales).AsSpan().SequenceEqual(quantized.Scales);

        private string Store(TensorProto tensor)
        {
            if (_written.Add(tensor.Name))
            {
                _stored[tensor.Name] = tensor;
                _graph.Initializer.Add(tensor);
            }

            return tensor.Name;
        }

        private static string Dequantized(string feature) => $"{feature}:float";

        // Per output channel, axis 0, where the scale is a list; the attribute means nothing for a single number.
        private static NodeProto Node(string operation, string output, params string[] inputs) => new()
        {
            Name = $"{output}/{operation}",
            OpType = operation,
            Input = { inputs },
            Output = { output },
            Attribute = { OnnxAttribute.Of("axis", 0L) },
        };

        // 0 must be one of the steps: padding and ReLU put it everywhere.
        private static (float Scale, byte Zero) StepsOf(ActivationRange range)
        {
            float least = Math.Min(range.Least, 0);
            float most = Math.Max(range.Most, 0);
            float scale = Math.Max((most - least) / Steps, 1e-9f);
            return (scale, (byte)Math.Clamp(MathF.Round(-least / scale), 0, Steps));
        }
    }
}
