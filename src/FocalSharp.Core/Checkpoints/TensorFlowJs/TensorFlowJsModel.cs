using System.Text.Json;

namespace FocalSharp.Checkpoints.TensorFlowJs;

/// <summary>
/// A TensorFlow.js graph model read as plain numbers: the nodes of its graph, and its constants from the shards in the manifest.
/// Nothing is executed. Half-precision and quantized entries are converted to float32.
/// </summary>
/// <param name="Nodes">The graph's nodes in file order.</param>
/// <param name="Weights">The constants by name: float32, int32 or bool; text constants are skipped.</param>
internal sealed record TensorFlowJsModel(IReadOnlyList<TensorFlowJsNode> Nodes, StateDict Weights)
{
    /// <summary>Maximum size of <c>model.json</c> in bytes.</summary>
    public const int MaximumJsonLength = 64 << 20;

    private const int MaxNodes = 1_000_000;

    /// <summary>Reads a model.</summary>
    /// <param name="path">The JSON file (<c>model.json</c>); its shards are in the same folder.</param>
    /// <exception cref="ModelException">
    /// A file is missing, not a graph model, inconsistent or malicious: sizes in the manifest are checked before anything is allocated.
    /// </exception>
    public static TensorFlowJsModel Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > MaximumJsonLength)
            {
                throw Broken(path, $"it has {stream.Length} bytes, of at most {MaximumJsonLength}");
            }

            using JsonDocument document = JsonDocument.Parse(stream);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || !root.TryGetProperty("modelTopology", out JsonElement topology) || topology.ValueKind != JsonValueKind.Object
                || !topology.TryGetProperty("node", out JsonElement nodes) || nodes.ValueKind != JsonValueKind.Array
                || !root.TryGetProperty("weightsManifest", out JsonElement manifest) || manifest.ValueKind != JsonValueKind.Array)
            {
                throw Broken(path, "it lacks the modelTopology.node or weightsManifest of a graph model");
            }

            return new TensorFlowJsModel(ReadNodes(nodes, path), WeightShards.Read(manifest, path));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new ModelException(Message(path, exception.Message), exception) { Path = path };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException(
                $"{path}: cannot be read ({exception.Message}). Check that the model and its shards exist and can be read.", exception)
            { Path = path };
        }
    }

    internal static ModelException Broken(string path, string why) => new(Message(path, why)) { Path = path };

    private static string Message(string path, string why) =>
        $"{path}: not a valid TensorFlow.js graph model: {TextSanitizer.Sanitize(why)}. Download it again.";

    private static List<TensorFlowJsNode> ReadNodes(JsonElement nodes, string path)
    {
        int count = nodes.GetArrayLength();
        if (count > MaxNodes)
        {
            throw Broken(path, $"its graph has {count} nodes; the maximum is {MaxNodes}");
        }

        List<TensorFlowJsNode> read = new(count);
        foreach (JsonElement node in nodes.EnumerateArray())
        {
            string[] inputs = node.TryGetProperty("input", out JsonElement input)
                ? [.. input.EnumerateArray().Select(name => name.GetString() ?? "")]
                : [];
            read.Add(new TensorFlowJsNode(Text(node, "name", path), Text(node, "op", path), inputs));
        }

        return read;
    }

    private static string Text(JsonElement node, string key, string path) =>
        node.TryGetProperty(key, out JsonElement value) && value.GetString() is { Length: > 0 } text
            ? text
            : throw Broken(path, $"a node of its graph has no {key}");
}
