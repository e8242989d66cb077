namespace FocalSharp.Datasets;

/// <summary>The file or folder that an <see cref="IDatasetFormat"/> tries to read.</summary>
public sealed class DatasetSource
{
    private readonly List<string> _notes = [];

    internal DatasetSource(string path, DatasetReadOptions options, bool isFormatSpecified)
    {
        Path = path;
        Options = options;
        IsFormatSpecified = isFormatSpecified;
        IsFile = File.Exists(path);
    }

    /// <summary>Gets the full path; it exists.</summary>
    public string Path { get; }

    /// <summary>Gets whether <see cref="Path"/> is a file rather than a folder.</summary>
    public bool IsFile { get; }

    /// <summary>Gets the options of the caller.</summary>
    public DatasetReadOptions Options { get; }

    /// <summary>Gets whether the caller requested this format, so that an ambiguous file is an error rather than skipped.</summary>
    public bool IsFormatSpecified { get; }

    /// <summary>Gets the notes added so far.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Adds a note to the error that is thrown if no format recognizes the data set, for example why a file was skipped.</summary>
    /// <param name="note">The note, in one line.</param>
    public void AddNote(string note) => _notes.Add(note);
}
