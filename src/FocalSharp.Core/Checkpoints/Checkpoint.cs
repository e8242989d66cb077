using System.Buffers.Binary;

namespace FocalSharp.Checkpoints;

/// <summary>The contents of a weight file: the tensors, and what the file states about their training.</summary>
public sealed record Checkpoint
{
    /// <summary>Gets the tensors under the names in the file.</summary>
    public required StateDict Weights { get; init; }

    /// <summary>
    /// Gets the entry of the file that contains the weights, such as <c>state_dict</c>; empty if the file contains nothing else.
    /// </summary>
    public string WeightsKey { get; init; } = "";

    /// <summary>Gets the other entries that contain weights, such as <c>ema_state_dict</c>; pass one as <c>weightsKey</c> to read it.</summary>
    public IReadOnlyList<string> OtherWeightsKeys { get; init; } = [];

    /// <summary>Gets the class names in label order, or null if the file does not state them.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Gets short values of the file's meta entry: epoch, iteration, versions.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the entries beside the weights that are not tensors and were skipped.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>
    /// Gets the Python classes and functions that the file refers to but no weight needs; nothing was executed.
    /// </summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>
    /// Reads weights of any supported format, detected by content: PyTorch zip, PyTorch legacy stream, Paddle's arrays, safetensors.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="weightsKey">The entry that contains the weights; null to find it.</param>
    /// <exception cref="FocalSharpException">
    /// The file is missing, of an unknown format, damaged, malicious, or contains no weights.
    /// </exception>
    public static Checkpoint Read(string path, string? weightsKey = null)
    {
        Span<byte> start = stackalloc byte[9];
        int length;
        try
        {
            using FileStream stream = File.OpenRead(path);
            length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException(
                $"{path}: cannot be read ({exception.Message}). Check the path and its permissions.", exception)
            { Path = path };
        }

        // Safetensors first: its leading length can look like the start of either other format, while its '{' matches neither.
        if (length == start.Length && start[8] == '{'
            && BinaryPrimitives.ReadUInt64LittleEndian(start) <= uint.MaxValue)
        {
            StateDict weights = SafetensorsFile.Read(path);
            return new Checkpoint
            {
                Weights = weights,
                Classes = ClassNames.FromMetadata(weights.Metadata),
                Details = weights.Metadata,
            };
        }

        if (start.StartsWith("PK"u8) || start[0] == 0x80)
        {
            return PickleCheckpoint.Read(path, weightsKey);
        }

        string guess = start[0] == '<' ? "It looks like a web page: the download failed."
            : Onnx.OnnxFile.IsOnnx(path) ? "A published ONNX export must be imported first."
            : "Pass a .pth or .safetensors file.";
        throw new ModelException($"{path}: neither a PyTorch checkpoint nor safetensors. {guess}") { Path = path };
    }
}
