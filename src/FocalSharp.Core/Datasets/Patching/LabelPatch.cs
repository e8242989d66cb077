using FocalSharp.IO;

namespace FocalSharp.Datasets.Patching;

/// <summary>
/// Corrections of a data set's labels, in a file beside it: the annotations themselves are never changed. docs/labels.md documents the format.
/// </summary>
internal sealed record LabelPatch
{
    /// <summary>The end of the name of a patch file.</summary>
    public const string Extension = ".label-patch.json";

    /// <summary>Gets the name of the data set, for readers.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>Gets the corrections, applied in order.</summary>
    public IReadOnlyList<LabelEdit> Edits { get; init; } = [];

    /// <summary>Gets the images whose labels were checked, whether or not they were corrected.</summary>
    public IReadOnlyList<string> Reviewed { get; init; } = [];

    /// <summary>Returns the path of the patch beside a data set's folder or file.</summary>
    public static string GetPath(string data) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(data)) + Extension;

    /// <summary>Reads a patch.</summary>
    /// <exception cref="FileException">The file does not exist, cannot be read, or is not a patch; the message names the edit.</exception>
    public static LabelPatch Read(string path) => LabelPatchJson.Read(path);

    /// <summary>Writes the patch.</summary>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, stream => LabelPatchJson.Write(stream, this));
}
