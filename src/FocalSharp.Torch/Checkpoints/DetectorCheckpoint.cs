using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using FocalSharp.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Heads;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>
/// FocalSharp's model files: safetensors whose metadata hold the detector's options, its class names, and free facts (epoch, AP).
/// One file is all that it takes to detect or to go on training from.
/// </summary>
public static class DetectorCheckpoint
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        AllowOutOfOrderMetadataProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Writes a detector atomically.</summary>
    /// <param name="path">The file to write or replace, by custom <c>.safetensors</c>.</param>
    /// <param name="detector">The detector.</param>
    /// <param name="info">Free text kept beside the weights: epoch, AP, data set.</param>
    /// <exception cref="FocalSharpException">The file cannot be written.</exception>
    public static void Save(string path, GflDetector detector, IReadOnlyDictionary<string, string>? info = null) =>
        Save(path, detector.Options, TensorConversion.ToState(detector), info);

    /// <summary>Writes weights, such as an averaged model's, with the options of the detector that they belong to.</summary>
    /// <exception cref="FocalSharpException">The file cannot be written.</exception>
    public static void Save(
        string path, DetectorOptions options, StateDict weights, IReadOnlyDictionary<string, string>? info = null)
    {
        DetectorHeader header = new() { Format = DetectorHeader.CurrentFormat, Library = Version(), Options = options };
        Dictionary<string, string> metadata = new(info ?? new Dictionary<string, string>())
        {
            [DetectorHeader.MetadataKey] = JsonSerializer.Serialize(header, Json),
            [ClassNames.MetadataKey] = ClassNames.ToMetadata(options.Classes),
        };
        SafetensorsFile.Write(path, weights, metadata);
    }

    /// <summary>
    /// Writes a detector for mmdetection: its names, which are ours, and nothing of FocalSharp's but the class names. In Python:
    /// <c>model.load_state_dict(safetensors.torch.load_file(path))</c>.
    /// </summary>
    /// <exception cref="FocalSharpException">The file cannot be written.</exception>
    public static void Export(string path, GflDetector detector) =>
        SafetensorsFile.Write(path, TensorConversion.ToState(detector), new Dictionary<string, string>
        {
            ["format"] = "pt",
            [ClassNames.MetadataKey] = ClassNames.ToMetadata(detector.Options.Classes),
        });

    /// <summary>Reads a detector; the caller disposes it.</summary>
    /// <exception cref="FocalSharpException">
    /// The file is absent, damaged, not FocalSharp's or of a newer format, or its weights do not fit its options.
    /// </exception>
    public static GflDetector Load(string path)
    {
        StateDict weights = SafetensorsFile.Read(path);
        DetectorOptions options = Options(path, weights.Metadata);
        ValidateShapes(path, weights, options);
        GflDetector detector = new(options);
        try
        {
            ImportReport report = CheckpointImporter.Load(detector, weights, options.Classes, options.Classes);
            return report.IsComplete
                ? detector
                : throw new FocalSharpException(
                    $"{path}: its weights do not fit its own options; it was damaged or edited.\n{report}");
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>Whether a safetensors file is a FocalSharp model, by its header.</summary>
    /// <exception cref="FocalSharpException">The file is absent or damaged.</exception>
    public static bool IsFocalSharpModel(string path) => SafetensorsFile.ReadMetadata(path).ContainsKey(DetectorHeader.MetadataKey);

    /// <summary>Reads only the options, class names among them, however large the weights are.</summary>
    /// <exception cref="FocalSharpException">The file is absent, damaged, not FocalSharp's or of a newer format.</exception>
    public static DetectorOptions ReadOptions(string path) => Options(path, SafetensorsFile.ReadMetadata(path));

    /// <summary>Reads only the free facts that were saved beside the weights.</summary>
    /// <exception cref="FocalSharpException">The file is absent or damaged.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path) =>
        SafetensorsFile.ReadMetadata(path)
            .Where(pair => pair.Key is not (DetectorHeader.MetadataKey or ClassNames.MetadataKey))
            .ToDictionary();

    private static DetectorOptions Options(string path, IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(DetectorHeader.MetadataKey, out string? json))
        {
            throw new FocalSharpException(
                $"{path}: safetensors, but not a FocalSharp model. Import it first: focalsharp import {path}");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            int format = document.RootElement.GetProperty("format").GetInt32();
            if (format > DetectorHeader.CurrentFormat)
            {
                throw new FocalSharpException(
                    $"{path}: its format {format} is newer than {DetectorHeader.CurrentFormat}, the newest that this version knows. Update FocalSharp.");
            }

            return document.Deserialize<DetectorHeader>(Json)!.Options;
        }
        catch (Exception exception) when (
            exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new FocalSharpException(
                $"{path}: its FocalSharp header cannot be understood ({exception.Message}). Update FocalSharp, or copy the file again.", exception);
        }
    }

    /// <summary>Compares the options with the weights' shapes before a network of the claimed size is made.</summary>
    private static void ValidateShapes(string path, StateDict weights, DetectorOptions options)
    {
        DetectorOptions shapes;
        try
        {
            shapes = CheckpointInspector.InferOptions(weights, options.Classes);
        }
        catch (FocalSharpException error)
        {
            throw new FocalSharpException($"{path}: {error.Message}", error);
        }

        // A light backbone has no depth: whatever its options say there is of no account.
        bool same = (options.Backbone.Csp is not null || shapes.Backbone.Depth == options.Backbone.Depth)
            && shapes.Backbone.BaseChannels == options.Backbone.BaseChannels
            && (options.Backbone.Csp is not null || shapes.Backbone.Norm == options.Backbone.Norm)
            && NanoDetArchitecture.SameShape(shapes.Backbone.Csp, options.Backbone.Csp)
            && shapes.Neck == options.Neck
            && shapes.Head.Channels == options.Head.Channels
            && shapes.Head.StackedConvs == options.Head.StackedConvs
            && shapes.Head.Kernel == options.Head.Kernel
            && shapes.Head.OutputKernel == options.Head.OutputKernel
            && shapes.Head.PerLevelWeights == options.Head.PerLevelWeights
            && shapes.Head.BoxRepresentation == options.Head.BoxRepresentation
            && (options.Head.BoxRepresentation == BoxRepresentation.Dirac || shapes.Head.RegMax == options.Head.RegMax)
            && shapes.Head.QualityPredictor?.Channels == options.Head.QualityPredictor?.Channels
            && shapes.Classes.Count == options.Classes.Count;
        if (!same)
        {
            throw new FocalSharpException(
                $"{path}: its weights do not fit its own options; it was damaged or edited. Copy or export it again.");
        }
    }

    private static string Version()
    {
        AssemblyInformationalVersionAttribute? version =
            typeof(DetectorCheckpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        return version?.InformationalVersion.Split('+')[0] ?? "0";
    }
}
