using FocalSharp.Datasets.Files;

namespace FocalSharp.Datasets;

/// <summary>The file or folder that an <see cref="IDatasetFormat"/> tries to read.</summary>
public sealed class DatasetSource
{
    // Formats are recognized by the first files of a folder; among so many, at least one is of the data set.
    private const int MaxProbedFiles = 40;

    private readonly List<string> _notes = [];
    private readonly Dictionary<string, JsonSignature?> _signatures = new(StringComparer.Ordinal);

    internal DatasetSource(string path, DatasetReadOptions options, bool isFormatSpecified)
    {
        Path = path;
        Options = options;
        IsFormatSpecified = isFormatSpecified;
        IsFile = File.Exists(path);
        Index = new Lazy<FileIndex>(() => new FileIndex(Folder));
    }

    /// <summary>Gets the full path; it exists.</summary>
    public string Path { get; }

    /// <summary>Gets whether <see cref="Path"/> is a file rather than a folder.</summary>
    public bool IsFile { get; }

    /// <summary>Gets the folder that contains the data set: <see cref="Path"/>, or the folder of the file.</summary>
    internal string Folder => IsFile ? System.IO.Path.GetDirectoryName(Path)! : Path;

    /// <summary>Gets the files below the folder, found when they are first needed, and shared by the formats.</summary>
    internal Lazy<FileIndex> Index { get; }

    /// <summary>Gets the options of the caller.</summary>
    public DatasetReadOptions Options { get; }

    /// <summary>Gets whether the caller requested this format, so that an ambiguous file is an error rather than skipped.</summary>
    public bool IsFormatSpecified { get; }

    /// <summary>Gets the notes added so far.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Returns the file itself, or the files with an extension below the folder, upper levels first.</summary>
    internal IReadOnlyList<string> GetFiles(params ReadOnlySpan<string> extensions)
    {
        if (IsFile)
        {
            return IsFormatSpecified || extensions.Contains(System.IO.Path.GetExtension(Path).ToLowerInvariant()) ? [Path] : [];
        }

        List<string> files = [];
        foreach (string extension in extensions)
        {
            files.AddRange(Index.Value.WithExtension(extension));
        }

        return files;
    }

    /// <summary>Returns the JSON files, if one of the first is recognized by its outline.</summary>
    internal IReadOnlyList<string> GetJsonFiles(Func<JsonSignature, bool> isRecognized, params ReadOnlySpan<string> extensions)
    {
        IReadOnlyList<string> files = GetFiles(extensions.Length == 0 ? [".json"] : extensions);
        return files.Take(MaxProbedFiles).Any(file => GetSignature(file) is { } signature && isRecognized(signature)) ? files : [];
    }

    /// <summary>Returns the outline of a JSON file; null if it is not JSON.</summary>
    internal JsonSignature? GetSignature(string file)
    {
        if (!_signatures.TryGetValue(file, out JsonSignature? signature))
        {
            _signatures[file] = signature = JsonSignature.TryRead(file);
        }

        return signature;
    }

    /// <summary>Adds a note to the error that is thrown if no format recognizes the data set, for example why a file was skipped.</summary>
    /// <param name="note">The note, in one line.</param>
    public void AddNote(string note) => _notes.Add(note);
}
