using FocalSharp.Detections;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Onnx.Decoding;
using FocalSharp.Torch.Onnx.Graph;
using static FocalSharp.Torch.Onnx.Graph.TensorProto.Types;

namespace FocalSharp.Torch.Onnx;

/// <summary>
/// Exports a detector to one self-contained ONNX file: from uint8 images to boxes, for any batch size, height and width. Modules
/// emit their nodes (<see cref="IOnnxModule{TInput, TOutput}"/>); nothing is traced.
/// </summary>
internal static class OnnxExporter
{
    /// <summary>Exports a detector.</summary>
    /// <param name="detector">The detector; its weights are copied.</param>
    /// <param name="options">Options of the export; null for the defaults.</param>
    /// <exception cref="ModelException">
    /// A part of the detector does not implement <see cref="IOnnxModule{TInput, TOutput}"/>.
    /// </exception>
    public static OnnxModel Export(GflDetector detector, OnnxExportOptions? options = null)
    {
        options ??= new OnnxExportOptions();
        int operatorSet = detector.modules().OfType<ConvLayer>().Any(layer => layer.IsDeformable) ? OnnxModel.DeformableOperatorSet : OnnxModel.OperatorSet;
        OnnxGraph graph = new(detector, options.Half ? DataType.Float16 : DataType.Float, operatorSet);
        OnnxInputs inputs = OnnxInputs.Emit(graph, detector.Options.Mean, detector.Options.Std);
        OnnxHeadOutput maps = graph.Emit<OnnxValue, OnnxHeadOutput>(detector, graph.ToNetworkType(inputs.Normalized));
        OnnxPostprocessing tail = OnnxPostprocessing.Create(graph, maps, inputs.Limits, detector.Options);
        switch (options.Variant)
        {
            case ModelVariant.Raw:
                DenseOutputs.EmitRaw(graph, tail);
                break;
            case ModelVariant.Candidates:
                DenseOutputs.EmitCandidates(graph, tail);
                break;
            case ModelVariant.Detections:
                OnnxDetectionOutputs.Emit(graph, tail);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(options), options.Variant, "The variant is unknown.");
        }

        return new OnnxModel(new ModelProto
        {
            IrVersion = OnnxModel.GetFormatVersion(operatorSet),
            ProducerName = "FocalSharp",
            ProducerVersion = typeof(OnnxExporter).Assembly.GetName().Version?.ToString(3) ?? "",
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = operatorSet } },
            Graph = graph.ToProto(),
            MetadataProps = { OnnxMetadata.Create(detector.Options, options).Select(Entry) },
        });
    }

    private static StringStringEntryProto Entry(KeyValuePair<string, string> pair) => new() { Key = pair.Key, Value = pair.Value };
}
