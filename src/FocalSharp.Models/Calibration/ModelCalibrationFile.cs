using FocalSharp.Checkpoints;
using FocalSharp.Detections.Calibration;
using FocalSharp.IO;
using FocalSharp.Models.Catalog;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Onnx.Graph;
using Google.Protobuf;

namespace FocalSharp.Models.Calibration;

/// <summary>Reads and writes the calibration in the metadata of weights and ONNX files. Nothing else in the file changes.</summary>
internal static class ModelCalibrationFile
{
    /// <summary>Reads the calibration of a weights file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="classes">The number of classes of the model.</param>
    /// <returns>The calibration; null for none.</returns>
    /// <exception cref="FocalSharpException">The file cannot be read, or its calibration is invalid.</exception>
    public static DetectionCalibration? ReadWeights(string path, int classes) =>
        SafetensorsFile.ReadMetadata(path).TryGetValue(DetectionCalibration.MetadataKey, out string? json)
            ? DetectionCalibrationJson.Parse(path, json, classes)
            : null;

    /// <summary>Throws if a file cannot hold a calibration.</summary>
    /// <param name="source">The model file.</param>
    /// <param name="output">The file to write.</param>
    /// <exception cref="ModelException">The file is a checkpoint of another framework, or a published model that must not change.</exception>
    public static void RequireWritable(string source, string output)
    {
        if (!DetectorLoader.IsOnnx(source) && !(source.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) && DetectorCheckpoint.IsFocalSharpModel(source)))
        {
            throw new ModelException($"{source}: is not a FocalSharp model, so a calibration cannot be stored in it. Import its weights first.") { Path = source };
        }

        if (IsPublished(output))
        {
            throw new ModelException($"{output}: a published model is not changed, since its content is verified. Choose another file for the calibrated model.") { Path = output };
        }

        if (DetectorLoader.IsOnnx(source) != DetectorLoader.IsOnnx(output))
        {
            throw new ModelException($"{output}: needs the extension of {Path.GetFileName(source)}, whose format it has.") { Path = output };
        }
    }

    /// <summary>Writes a copy of a model with another calibration, atomically; the copy may replace the model.</summary>
    /// <param name="source">The model file.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="calibration">The calibration; null or an empty one to remove it.</param>
    /// <exception cref="FocalSharpException">The model cannot be read, or the file not written.</exception>
    public static void Write(string source, string output, DetectionCalibration? calibration)
    {
        RequireWritable(source, output);
        string? json = calibration is null or { IsEmpty: true } ? null : DetectionCalibrationJson.Write(calibration);
        if (DetectorLoader.IsOnnx(source))
        {
            WriteOnnx(source, output, json);
            return;
        }

        StateDict state = SafetensorsFile.Read(source);
        Dictionary<string, string> metadata = state.Metadata.Where(pair => pair.Key != DetectionCalibration.MetadataKey).ToDictionary();
        if (json is not null)
        {
            metadata[DetectionCalibration.MetadataKey] = json;
        }

        SafetensorsFile.Write(output, state, metadata);
    }

    private static void WriteOnnx(string source, string output, string? json)
    {
        ModelProto proto;
        try
        {
            proto = ModelProto.Parser.ParseFrom(File.ReadAllBytes(source));
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{source}: cannot be read ({exception.Message}).", exception) { Path = source };
        }

        StringStringEntryProto[] others = [.. proto.MetadataProps.Where(entry => entry.Key != DetectionCalibration.MetadataKey)];
        proto.MetadataProps.Clear();
        proto.MetadataProps.AddRange(others);
        if (json is not null)
        {
            proto.MetadataProps.Add(new StringStringEntryProto { Key = DetectionCalibration.MetadataKey, Value = json });
        }

        AtomicFile.Write(output, proto.WriteTo);
    }

    private static bool IsPublished(string path)
    {
        string cache = Path.GetFullPath(new ModelStore().Folder) + Path.DirectorySeparatorChar;
        return Path.GetFullPath(path).StartsWith(cache, StringComparison.Ordinal);
    }
}
