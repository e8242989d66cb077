using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FocalSharp.Datasets;
using FocalSharp.IO;

namespace FocalSharp.Training.Runs;

/// <summary>
/// Hashes of the classes and of every image with its objects and its file's length, in order. A run can only be resumed on the data that it
/// started with; the fingerprint shows what has changed. One line each: hash, split, name.
/// </summary>
internal sealed class DatasetFingerprint
{
    private const string ClassesName = "(classes)";
    private const string EvalPart = "eval";
    private const int MaxNames = 3;

    private readonly IReadOnlyList<(string Hash, string Name)> _entries;

    private DatasetFingerprint(IReadOnlyList<(string Hash, string Name)> entries) => _entries = entries;

    /// <summary>Computes the fingerprint of a run's data.</summary>
    public static DatasetFingerprint Compute(DetectionDataset train, DetectionDataset eval) => new(
    [
        (ComputeHash64(stream => stream.AddRange(Encoding.UTF8.GetBytes(string.Join('\n', train.Classes)))), ClassesName),
        .. train.Images.Select(image => (ComputeHash(image), FormatName("train", image))),
        .. eval.Images.Select(image => (ComputeHash(image), FormatName(EvalPart, image))),
    ]);

    /// <summary>Reads a fingerprint.</summary>
    /// <exception cref="FileException">It is missing or unreadable.</exception>
    public static DatasetFingerprint Read(string path)
    {
        try
        {
            return Parse(File.ReadLines(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"{path}: cannot be read ({exception.Message}), so the data cannot be checked and the run cannot be resumed.", exception) { Path = path };
        }
    }

    /// <summary>Writes the fingerprint.</summary>
    public void Save(string path) => AtomicFile.WriteText(path, ToText());

    /// <summary>Returns the fingerprint as lines of text.</summary>
    public string ToText() => string.Concat(_entries.Select(entry => $"{entry.Hash} {entry.Name}\n"));

    /// <summary>Parses the lines of <see cref="ToText"/>.</summary>
    public static DatasetFingerprint Parse(IEnumerable<string> lines) =>
        new([.. lines.Select(line => line.Split(' ', 2)).Select(parts => (parts[0], parts.Length > 1 ? parts[1] : ""))]);

    /// <summary>Returns whether a run was evaluated on exactly these images, by their names.</summary>
    public bool HasEvaluationImages(DetectionDataset eval)
    {
        string[] names = [.. eval.Images.Select(image => FormatName(EvalPart, image))];
        return _entries.Select(entry => entry.Name).Where(name => name.StartsWith(EvalPart + "/", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal).SetEquals(names);
    }

    /// <summary>Describes the difference from an earlier fingerprint; null if there is none.</summary>
    public string? DescribeDifference(DatasetFingerprint before)
    {
        if (_entries.SequenceEqual(before._entries))
        {
            return null;
        }

        Dictionary<string, string> old = BuildIndex(before);
        Dictionary<string, string> now = BuildIndex(this);
        if (old.GetValueOrDefault(ClassesName) != now.GetValueOrDefault(ClassesName))
        {
            return "its classes differ";
        }

        string[] changed = [.. now.Where(entry => old.TryGetValue(entry.Key, out string? hash) && hash != entry.Value).Select(entry => entry.Key)];
        string[] added = [.. now.Keys.Where(name => !old.ContainsKey(name))];
        string[] removed = [.. old.Keys.Where(name => !now.ContainsKey(name))];
        string[] parts = [.. new[] { DescribePart(changed, "changed"), DescribePart(added, "added"), DescribePart(removed, "removed") }.OfType<string>()];
        return parts.Length > 0 ? string.Join("; ", parts) : "the order of its images differs";
    }

    private static Dictionary<string, string> BuildIndex(DatasetFingerprint fingerprint)
    {
        Dictionary<string, string> index = new(StringComparer.Ordinal);
        foreach ((string hash, string name) in fingerprint._entries)
        {
            index[name] = index.TryGetValue(name, out string? other) ? other + hash : hash;
        }

        return index;
    }

    private static string? DescribePart(string[] names, string what) => names.Length == 0
        ? null
        : $"{names.Length} {what} ({string.Join(", ", names.Take(MaxNames))}{(names.Length > MaxNames ? ", …" : "")})";

    private static string FormatName(string part, DatasetImage image) =>
        $"{part}/{string.Concat(image.FileName.Select(letter => char.IsControl(letter) ? '?' : letter))}";

    private static string ComputeHash(DatasetImage image) => ComputeHash64(bytes =>
    {
        FileInfo file = new(image.Path);
        Add(bytes, file.Exists ? file.Length : -1);
        Add(bytes, image.Width);
        Add(bytes, image.Height);
        foreach (ObjectAnnotation item in image.Objects)
        {
            Add(bytes, item.Label);
            Add(bytes, (item.IsCrowd ? 1 : 0) | (item.IsIgnored ? 2 : 0));
            Add(bytes, BitConverter.DoubleToInt64Bits(item.Area));
            foreach (float edge in (ReadOnlySpan<float>)[item.Box.X1, item.Box.Y1, item.Box.X2, item.Box.Y2])
            {
                Add(bytes, BitConverter.SingleToInt32Bits(edge));
            }
        }
    });

    private static void Add(List<byte> bytes, long value)
    {
        Span<byte> span = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(span, value);
        bytes.AddRange((ReadOnlySpan<byte>)span);
    }

    private static string ComputeHash64(Action<List<byte>> write)
    {
        List<byte> bytes = [];
        write(bytes);
        return Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()).AsSpan(0, 8));
    }
}
