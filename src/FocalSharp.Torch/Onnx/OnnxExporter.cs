using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Onnx.Decoding;
using FocalSharp.Torch.Onnx.Graph;
using static FocalSharp.Torch.Onnx.Graph.TensorProto.Types;

namespace FocalSharp.Torch.Onnx;

/// <summary>
/// Writes a detector as one ONNX file with everything inside: from uint8 pictures to boxes, for any batch, height and width. Each module
/// writes itself (<see cref="IOnnxModule{TInput, TOutput}"/>); nothing is traced.
/// </summary>
public static class OnnxExporter
{
    /// <summary>Makes the file's content.</summary>
    /// <param name="detector">The detector; its weights are copied.</param>
    /// <param name="options">What to write; null for the defaults.</param>
    public static OnnxModel Export(GflDetector detector, OnnxExportOptions? options = null)
    {
        options ??= new OnnxExportOptions();
        OnnxGraph graph = new(detector, options.Half ? DataType.Float16 : DataType.Float);
        OnnxInputs inputs = OnnxInputs.Emit(graph, detector.Options.Mean, detector.Options.Std);
        HeadMaps maps = graph.Emit(detector, graph.ToNetworkType(inputs.Normalized));
        OnnxPostprocessing tail = OnnxPostprocessing.Create(graph, maps, inputs.Limits, detector.Options);
        switch (options.Variant)
        {
            case OnnxVariant.Raw:
                DenseOutputs.EmitRaw(graph, tail);
                break;
            case OnnxVariant.Candidates:
                DenseOutputs.EmitCandidates(graph, tail);
                break;
            default:
                OnnxDetectionOutputs.Emit(graph, tail);
                break;
        }

        return new OnnxModel(new ModelProto
        {
            IrVersion = OnnxModel.FormatVersion,
            ProducerName = "FocalSharp",
            ProducerVersion = typeof(OnnxExporter).Assembly.GetName().Version?.ToString(3) ?? "",
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = OnnxModel.OperatorSet } },
            Graph = graph.ToProto(),
            MetadataProps = { OnnxMetadata.Create(detector.Options, options).Select(Entry) },
        });
    }

    private static StringStringEntryProto Entry(KeyValuePair<string, string> pair) => new() { Key = pair.Key, Value = pair.Value };
}
