using System.Globalization;
using FocalSharp.Checkpoints.Pickling;

namespace FocalSharp.Checkpoints;

/// <summary>
/// Reads files written by <c>torch.save</c>, zip or legacy, or by <c>paddle.save</c>, without executing any code: dictionaries, tensors and plain values are
/// supported; every other class becomes an inert placeholder, and is rejected by name only if a weight depends on it.
/// </summary>
internal static class PickleCheckpoint
{
    private const int MaxDetailLength = 1000;

    /// <summary>Entries that contain weights, preferred first: mmengine and mmdetection, then other frameworks.</summary>
    private static readonly string[] WeightsKeys =
        ["state_dict", "model_state_dict", "model", "ema_state_dict", "model_ema", "ema", "net", "network", "weights", "params"];

    /// <summary>Reads the weights, class names and short metadata of a checkpoint; optimizer and history are skipped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="weightsKey">The entry that contains the weights; null to find it.</param>
    /// <exception cref="ModelException">The file is missing, damaged, malicious, or contains no weights.</exception>
    public static Checkpoint Read(string path, string? weightsKey = null)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            TorchGlobals globals = new();
            Span<byte> start = stackalloc byte[2];
            bool zipped = stream.ReadAtLeast(start, 2, throwOnEndOfStream: false) == 2 && start.SequenceEqual("PK"u8);
            stream.Position = 0;
            if (zipped)
            {
                using ZipCheckpoint zip = new(stream, path);
                using Stream pickle = zip.OpenPickle();
                object? root = Unpickler.Read(new PickleReader(pickle, path), globals);
                return Collect(root, new TensorMaterializer(zip, path, stream.Length), globals, path, weightsKey);
            }

            if (ArrayCheckpoint.TryRead(stream, path) is { } arrays)
            {
                return arrays;
            }

            LegacyCheckpoint legacy = new(stream, path, globals);
            return Collect(legacy.Root, new TensorMaterializer(legacy, path, stream.Length), globals, path, weightsKey);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException(
                $"{path}: cannot be read ({exception.Message}). Check the path and its permissions.", exception)
            { Path = path };
        }
    }

    private static Checkpoint Collect(
        object? root, TensorMaterializer materializer, TorchGlobals globals, string path, string? weightsKey)
    {
        PickleDict file = root as PickleDict ?? throw NoWeights(path, root switch
        {
            Placeholder placeholder => $"the file contains an object of '{placeholder.Origin}', which is not supported and was not executed",
            PickledTensor => "the file contains a single tensor without a name",
            _ => "the file does not contain a dictionary",
        });
        string[] keys = [.. WeightsKeys.Where(key => ContainsTensors(file[key]))];
        string found = weightsKey ?? keys.FirstOrDefault()
            ?? (ContainsTensors(file) ? "" : Array.Find(WeightsKeys, key => file[key] is not null) ?? "");
        object? value = found.Length == 0 ? file : file[found];
        PickleDict weights = value as PickleDict ?? throw NoWeights(path, value is Placeholder unknown
            ? $"its '{found}' is an object of '{unknown.Origin}', which is not supported and was not executed"
            : $"it has no dictionary '{TextSanitizer.Sanitize(found)}'");

        foreach ((string name, object? entry) in weights.Entries)
        {
            if (entry is Placeholder placeholder && IsWeight(name, found))
            {
                throw new ModelException(
                    $"{path}: weight '{TextSanitizer.Sanitize(name)}' is an object of '{placeholder.Origin}', which is not supported and was not executed. "
                    + "If you trust the file, save its plain tensors in Python: torch.save(state_dict, 'weights.pth').")
                { Path = path };
            }
        }

        List<string> skipped = [];
        List<KeyValuePair<string, StateTensor>> tensors = [];
        foreach ((string name, object? entry) in weights.Entries)
        {
            if (entry is PickledTensor view)
            {
                tensors.Add(new(name, materializer.Materialize(name, view)));
            }
            else
            {
                skipped.Add(name);
            }
        }

        if (tensors.Count == 0)
        {
            string unknowns = globals.UnknownNames.Count == 0
                ? ""
                : $"; it refers to '{globals.UnknownNames.First()}', which was not executed";
            throw NoWeights(path, $"no entry is a tensor{unknowns}");
        }

        PickleDict? meta = file["meta"] as PickleDict;
        return new Checkpoint
        {
            Weights = new StateDict(tensors),
            WeightsKey = found,
            OtherWeightsKeys = [.. keys.Where(key => key != found)],
            Classes = ClassNames.FromMeta(meta),
            Details = Details(meta),
            Skipped = skipped,
            Ignored = [.. globals.UnknownNames.Order(StringComparer.Ordinal)],
        };
    }

    private static bool ContainsTensors(object? value) =>
        value is PickleDict dict && dict.Entries.Any(entry => entry.Value is PickledTensor);

    /// <summary>
    /// Other entries may accompany bare weights (<c>args</c>); weights have dotted names. <c>_extra_state</c> belongs to a module.
    /// </summary>
    private static bool IsWeight(string name, string key) =>
        (key.Length > 0 || name.Contains('.', StringComparison.Ordinal))
            && !name.EndsWith("_extra_state", StringComparison.Ordinal);

    private static Dictionary<string, string> Details(PickleDict? meta)
    {
        Dictionary<string, string> details = new(StringComparer.Ordinal);
        foreach ((string name, object? value) in meta?.Entries ?? [])
        {
            string? text = value switch
            {
                string { Length: <= MaxDetailLength } line when !line.Contains('\n', StringComparison.Ordinal) => line,
                long or double or bool => Convert.ToString(value, CultureInfo.InvariantCulture),
                _ => null,
            };
            if (text is not null)
            {
                details[name] = text;
            }
        }

        return details;
    }

    private static ModelException NoWeights(string path, string why) => new(
        $"{path}: no weights found: {why}. A checkpoint contains named tensors, at its root or under {string.Join(", ", WeightsKeys[..4])}; "
        + "in Python: torch.save(model.state_dict(), 'weights.pth').")
    { Path = path };
}
