using System.Text;
using FocalSharp.Detections;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FocalSharp.Runtime.Metadata;

/// <summary>Names, types and ranks of an exported file's inputs and outputs, and their validation.</summary>
internal static class ModelContract
{
    public const string Images = "images";
    public const string Sizes = "sizes";
    public const string ScoreThreshold = "score_threshold";
    public const string IouThreshold = "iou_threshold";
    public const string MaxDetections = "max_detections";
    public const string Boxes = "boxes";
    public const string Scores = "scores";
    public const string Labels = "labels";
    public const string Count = "count";
    public const string Deviations = "deviations";
    public const string ClassLogits = "class_logits";
    public const string Distributions = "distributions";

    /// <summary>The optional inputs.</summary>
    private static readonly TensorSpec[] OptionalInputs =
    [
        new(Sizes, TensorElementType.Int64, 2), new(ScoreThreshold, TensorElementType.Float, 0),
        new(IouThreshold, TensorElementType.Float, 0), new(MaxDetections, TensorElementType.Int64, 0),
    ];

    /// <summary>Validates a file.</summary>
    /// <exception cref="ModelException">An input or output is missing, or has another type or rank.</exception>
    public static void Validate(string path, InferenceSession session, ModelVariant variant)
    {
        TensorSpec images = new(Images, TensorElementType.UInt8, 4);
        Validate(path, "input", images, session.InputMetadata);
        if (session.InputMetadata[Images].Dimensions is not [< 0, < 0, < 0, < 0 or 3])
        {
            throw new ModelException(
                $"{path}: its input '{Images}' is [{string.Join(", ", session.InputMetadata[Images].Dimensions)}], not [batch, height, width, 3] with the first "
                + "three dynamic. Export the model again.");
        }

        foreach (string name in session.InputMetadata.Keys)
        {
            if (name != Images && Array.TrueForAll(OptionalInputs, port => port.Name != name))
            {
                throw new ModelException($"{path}: needs an input '{Truncate(name)}', which FocalSharp does not supply. Export the model again.");
            }
        }

        foreach (TensorSpec port in OptionalInputs)
        {
            if (session.OverridableInitializerMetadata.ContainsKey(port.Name))
            {
                Validate(path, "input", port, session.OverridableInitializerMetadata);
            }
            else if (session.InputMetadata.ContainsKey(port.Name))
            {
                Validate(path, "input", port, session.InputMetadata);
            }
        }

        foreach (TensorSpec port in GetOutputs(variant))
        {
            Validate(path, "output", port, session.OutputMetadata);
        }
    }

    /// <summary>Returns whether a file has an input.</summary>
    public static bool HasInput(InferenceSession session, string input) =>
        session.InputMetadata.ContainsKey(input) || session.OverridableInitializerMetadata.ContainsKey(input);

    private static TensorSpec[] GetOutputs(ModelVariant variant) => variant switch
    {
        ModelVariant.Raw => [new(ClassLogits, TensorElementType.Float, 3), new(Distributions, TensorElementType.Float, 3)],
        ModelVariant.Candidates =>
        [
            new(Boxes, TensorElementType.Float, 3), new(Scores, TensorElementType.Float, 3), new(Deviations, TensorElementType.Float, 3),
        ],
        _ =>
        [
            new(Boxes, TensorElementType.Float, 3), new(Scores, TensorElementType.Float, 2), new(Labels, TensorElementType.Int64, 2),
            new(Count, TensorElementType.Int64, 1), new(Deviations, TensorElementType.Float, 3),
        ],
    };

    private static void Validate(string path, string kind, TensorSpec port, IReadOnlyDictionary<string, NodeMetadata> metadata)
    {
        if (!metadata.TryGetValue(port.Name, out NodeMetadata? node))
        {
            throw new ModelException(
                $"{path}: has no {kind} '{port.Name}' (its {kind}s: {FormatNames(metadata.Keys)}). Export the model again.");
        }

        if (!node.IsTensor || node.ElementDataType != port.Type || (node.Dimensions.Length != port.Rank && (port.Rank > 0 || node.Dimensions.Length > 0)))
        {
            throw new ModelException(
                $"{path}: its {kind} '{port.Name}' is {(node.IsTensor ? node.ElementDataType : node.OnnxValueType)} of rank {node.Dimensions?.Length}, "
                + $"not {port.Type} of rank {port.Rank}. Export the model again.");
        }
    }

    private static string FormatNames(IEnumerable<string> names)
    {
        StringBuilder text = new();
        foreach (string name in names.Take(8))
        {
            text.Append(text.Length == 0 ? "" : ", ").Append(Truncate(name));
        }

        return text.Length == 0 ? "none" : text.ToString();
    }

    private static string Truncate(string text) => text.Length > 40 ? text[..40] + "…" : text;

    private readonly record struct TensorSpec(string Name, TensorElementType Type, int Rank);
}
