using System.Buffers.Binary;

namespace FocalSharp.Checkpoints;

/// <summary>What a weight file holds: the tensors, and what is known of their training.</summary>
public sealed record Checkpoint
{
    /// <summary>The tensors under the file's own names.</summary>
    public required StateDict Weights { get; init; }

    /// <summary>
    /// The entry of the file that the weights were taken from, such as <c>state_dict</c>; empty where the file is nothing else.
    /// </summary>
    public string WeightsKey { get; init; } = "";

    /// <summary>Other entries of the file that hold weights, such as <c>ema_state_dict</c>; ask for one by name.</summary>
    public IReadOnlyList<string> OtherWeightsKeys { get; init; } = [];

    /// <summary>Class names in label order where the file states them, else null.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>Short facts of the file's meta entry: epoch, iter, versions.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();

    /// <summary>Entries beside the weights that are not tensors and were left out.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>
    /// Python classes and functions that the file names but no weight needs; they were left inert, nothing was run.
    /// </summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>
    /// Reads weights of any known format, told by the file's content: PyTorch zip, PyTorch legacy stream, safetensors.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="weightsKey">The entry that holds the weights; null finds it.</param>
    /// <exception cref="FocalSharpException">
    /// The file is absent, of no known format, damaged, hostile, or without weights.
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
            throw new FocalSharpException(
                $"{path}: cannot be read ({exception.Message}). Check the path and its permissions.", exception);
        }

        // Safetensors first: its leading length can look like the start of either other format, while its '{' fits neither.
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

        string guess = start[0] == '<'
            ? "It looks like a web page: the download went wrong."
            : "Give a .pth or .safetensors file.";
        throw new FocalSharpException($"{path}: neither a PyTorch checkpoint nor safetensors. {guess}");
    }
}
