using System.Reflection;
using System.Text.Json;
using FocalSharp.Checkpoints;
using FocalSharp.Detections.Calibration;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>
/// FocalSharp's model files: safetensors whose metadata contain the detector's options, its class names, and free text (epoch,
/// AP). One file is enough to detect with or to continue training from.
/// </summary>
public static class DetectorCheckpoint
{
    /// <summary>Writes a detector atomically.</summary>
    /// <remarks>
    /// The file states how images are resized: by the rule in <paramref name="info"/> (<c>ResizeRule.ToMetadata()</c>), or else to the largest input
    /// that the detector was trained on, with the aspect ratio retained; or else by the rule of the file that the detector was loaded from. Without any, it
    /// is the official 1333x800.
    /// </remarks>
    /// <param name="path">The file to write or replace, usually <c>.safetensors</c>.</param>
    /// <param name="detector">The detector.</param>
    /// <param name="info">Free text to save with the weights: epoch, AP, data set, resize rule.</param>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public static void Save(string path, GflDetector detector, IReadOnlyDictionary<string, string>? info = null)
    {
        ArgumentNullException.ThrowIfNull(detector);
        Dictionary<string, string> all = new(info ?? new Dictionary<string, string>());
        if (!all.ContainsKey(ResizeMetadata.ModeKey))
        {
            foreach ((string key, string value) in detector.TrainedSize is { } size ? ResizeMetadata.CreateKeepRatio(size.LongSide, size.ShortSide) : detector.LoadedResize)
            {
                all[key] = value;
            }
        }

        Save(path, detector.Options, TensorConversion.ToState(detector), all);
    }

    /// <summary>Writes weights, for example of an averaged model, with the options of their detector.</summary>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public static void Save(
        string path, DetectorOptions options, StateDict weights, IReadOnlyDictionary<string, string>? info = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(weights);
        SaveComplete(
            path,
            options with { Loss = options.Loss with { AssignGuidance = false } },
            new StateDict(weights.Where(pair => !pair.Key.StartsWith(GflDetector.GuidancePrefix, StringComparison.Ordinal)), weights.Metadata),
            info);
    }

    /// <summary>Writes weights with those that only training needs.</summary>
    internal static void SaveComplete(string path, DetectorOptions options, StateDict weights, IReadOnlyDictionary<string, string>? info = null)
    {
        DetectorHeader header = new() { Format = DetectorHeader.CurrentFormat, Library = Version(), Options = options };
        Dictionary<string, string> metadata = new(info ?? new Dictionary<string, string>())
        {
            [DetectorHeader.MetadataKey] = header.ToJson(),
            [ClassNames.MetadataKey] = ClassNames.ToMetadata(options.Classes),
        };
        SafetensorsFile.Write(path, weights, metadata);
    }

    /// <summary>
    /// Writes a detector for mmdetection: under its parameter names, with the class names as the only metadata. In Python:
    /// <c>model.load_state_dict(safetensors.torch.load_file(path))</c>.
    /// </summary>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public static void Export(string path, GflDetector detector) =>
        SafetensorsFile.Write(path, TensorConversion.ToState(detector), new Dictionary<string, string>
        {
            ["format"] = "pt",
            [ClassNames.MetadataKey] = ClassNames.ToMetadata(detector.Options.Classes),
        });

    /// <summary>Reads a detector, which the caller disposes.</summary>
    /// <param name="path">The file. Custom kinds of parts that it names must be registered.</param>
    /// <exception cref="FileException">The file cannot be read.</exception>
    /// <exception cref="ModelException">
    /// The file is damaged, not a FocalSharp model or of a newer format, names an unknown kind, or its weights do not fit its
    /// options.
    /// </exception>
    public static GflDetector Load(string path)
    {
        StateDict weights = SafetensorsFile.Read(path);
        DetectorOptions options = Options(path, weights.Metadata);
        ValidateShapes(path, weights, options);
        GflDetector detector = new(options) { LoadedResize = [.. ResizeMetadata.Select(weights.Metadata)] };
        try
        {
            ImportReport report = CheckpointImporter.WithPath(path, () => CheckpointImporter.Load(detector, weights, options.Classes, options.Classes));
            return report.IsComplete ? detector : throw CreateMismatchException(path, $"\n{report}");
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>Returns whether a safetensors file is a FocalSharp model, by its header.</summary>
    /// <exception cref="FocalSharpException">The file is missing or damaged.</exception>
    public static bool IsFocalSharpModel(string path) => SafetensorsFile.ReadMetadata(path).ContainsKey(DetectorHeader.MetadataKey);

    /// <summary>Reads only the options, including class names.</summary>
    /// <exception cref="FileException">The file cannot be read.</exception>
    /// <exception cref="ModelException">The file is damaged, not a FocalSharp model, or of a newer format.</exception>
    public static DetectorOptions ReadOptions(string path) => Options(path, SafetensorsFile.ReadMetadata(path));

    /// <summary>Reads only the free text that was saved with the weights.</summary>
    /// <exception cref="FocalSharpException">The file is missing or damaged.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path) =>
        SafetensorsFile.ReadMetadata(path)
            .Where(pair => pair.Key is not (DetectorHeader.MetadataKey or ClassNames.MetadataKey or DetectionCalibration.MetadataKey))
            .ToDictionary();

    private static DetectorOptions Options(string path, IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(DetectorHeader.MetadataKey, out string? json))
        {
            throw new ModelException($"{path}: safetensors, but not a FocalSharp model; import its weights first.") { Path = path };
        }

        try
        {
            return DetectorHeader.Parse(json).Options;
        }
        catch (FocalSharpException exception)
        {
            throw new ModelException($"{path}: {exception.Message}", exception) { Path = path };
        }
        catch (Exception exception) when (
            exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ModelException(
                $"{path}: its FocalSharp header cannot be read ({exception.Message}). Update FocalSharp, or copy the file again.", exception)
            {
                Path = path,
            };
        }
    }

    /// <summary>
    /// Compares the options with the weights' shapes, before a network of the size that the options name is allocated.
    /// </summary>
    private static void ValidateShapes(string path, StateDict weights, DetectorOptions options)
    {
        // Shapes of custom parts are not known; their weights are compared once the network exists.
        if (options is not
            {
                Backbone: ResNetOptions or Res2NetOptions or CspNetOptions or ShuffleNetV2Options or EsNetOptions or LcNetOptions or EfficientNetLiteOptions or RepVggOptions,
                Neck: FpnOptions or PanOptions or GhostPanOptions or ConcatPanOptions,
                Head: GflHeadOptions head,
            })
        {
            return;
        }

        DetectorOptions shapes;
        try
        {
            shapes = CheckpointInspector.InferOptions(weights, options.Classes, options.Backbone);
        }
        catch (FocalSharpException error)
        {
            throw new ModelException($"{path}: {error.Message}", error) { Path = path };
        }

        if (!SameShape(shapes.Backbone, options.Backbone) || !SameShape(shapes.Neck, options.Neck) || !SameShape((GflHeadOptions)shapes.Head, head)
            || shapes.Classes.Count != options.Classes.Count)
        {
            throw CreateMismatchException(path, "");
        }
    }

    private static bool SameShape(BackboneOptions a, BackboneOptions b) => (a, b) switch
    {
        (ResNetOptions x, ResNetOptions y) => (x.Depth, x.BaseChannels, x.Norm, x.Groups) == (y.Depth, y.BaseChannels, y.Norm, y.Groups)
            && (x.Groups == 1 || x.GroupWidth == y.GroupWidth)
            && SameDeformable(x.DeformableStages, x.DeformableVersion, y.DeformableStages, y.DeformableVersion),
        (Res2NetOptions x, Res2NetOptions y) => (x.Depth, x.Scales, x.BaseWidth) == (y.Depth, y.Scales, y.BaseWidth)
            && SameDeformable(x.DeformableStages, x.DeformableVersion, y.DeformableStages, y.DeformableVersion),
        (CspNetOptions x, CspNetOptions y) => x.BaseChannels == y.BaseChannels && x.Norm == y.Norm && x.Blocks.SequenceEqual(y.Blocks),
        (ShuffleNetV2Options x, ShuffleNetV2Options y) => (x.Width, x.Norm) == (y.Width, y.Norm),
        (EsNetOptions x, EsNetOptions y) => (x.Scale, x.Norm) == (y.Scale, y.Norm) && x.Ratios.SequenceEqual(y.Ratios),
        (LcNetOptions x, LcNetOptions y) => (x.Scale, x.Norm) == (y.Scale, y.Norm),
        (EfficientNetLiteOptions x, EfficientNetLiteOptions y) => (x.Variant, x.Norm) == (y.Variant, y.Norm),
        (RepVggOptions x, RepVggOptions y) => x.Deploy == y.Deploy && x.GetStageChannels().SequenceEqual(y.GetStageChannels())
            && x.GetStageBlocks().SequenceEqual(y.GetStageBlocks()) && x.GetGroups(2) == y.GetGroups(2),
        _ => false,
    };

    private static bool SameDeformable(IReadOnlyList<int> stages, int version, IReadOnlyList<int> otherStages, int otherVersion) =>
        stages.Order().SequenceEqual(otherStages.Distinct().Order()) && (stages.Count == 0 || version == otherVersion);

    private static bool SameShape(NeckOptions a, NeckOptions b) => (a, b) switch
    {
        (GhostPanOptions x, GhostPanOptions y) => x with { NegativeSlope = y.NegativeSlope } == y,
        _ => a == b,
    };

    private static bool SameShape(GflHeadOptions a, GflHeadOptions b) =>
        (a.Channels, a.StackedConvs, a.Kernel, a.OutputKernel, a.PerLevelWeights) == (b.Channels, b.StackedConvs, b.Kernel, b.OutputKernel, b.PerLevelWeights)
        && a.BoxRepresentation == b.BoxRepresentation
        && (b.BoxRepresentation == BoxRepresentation.Dirac || a.RegMax == b.RegMax)
        && a.TaskAligned == b.TaskAligned
        && a.QualityPredictor?.Channels == b.QualityPredictor?.Channels;

    private static ModelException CreateMismatchException(string path, string report) => new(
        $"{path}: its weights do not fit its options: the file is damaged or was edited, or its detector was composed of parts that the options do not "
        + $"describe. Copy it again, or load it into such a detector with CheckpointImporter.{report}")
    {
        Path = path,
    };

    private static string Version()
    {
        AssemblyInformationalVersionAttribute? version =
            typeof(DetectorCheckpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        return version?.InformationalVersion.Split('+')[0] ?? "0";
    }
}
