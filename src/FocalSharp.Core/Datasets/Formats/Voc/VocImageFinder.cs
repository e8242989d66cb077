using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Voc;

/// <summary>Finds the image of each XML file: by the name of the XML file, which is more reliable than <c>filename</c>, else by that.</summary>
/// <param name="raw">Receives the problems and the searched folders.</param>
/// <param name="options">The read options.</param>
internal sealed class VocImageFinder(RawDataset raw, DatasetReadOptions options)
{
    private readonly FolderIndex _index = new();

    /// <summary>Gets what was understood although it is not standard.</summary>
    public NoteCollector Notes { get; } = new(DatasetProblemKind.NonStandard);

    /// <summary>Returns the path of an image, which need not exist, and its name; null if the stated name leaves the data set.</summary>
    /// <param name="file">The XML file.</param>
    /// <param name="id">Its path below the folder of annotations, without extension.</param>
    /// <param name="fileName">The stated name, or null.</param>
    /// <param name="folder">The folder of the XML file.</param>
    /// <param name="shown">The XML file, as messages show it.</param>
    public (string Full, string Name)? Find(string file, string id, string? fileName, VocFolder folder, string shown)
    {
        DatasetRoot root = options.ImageFolder is { } chosen ? new DatasetRoot(chosen) : raw.Root;
        IReadOnlyList<string> places = options.ImageFolder is null ? folder.Images : [root.Folder];
        foreach (string place in raw.SearchedImageFolders.Count == 0 ? places : [])
        {
            raw.SearchedImageFolders.Add(place);
        }

        foreach (string place in places)
        {
            string beside = Path.Combine(place, id);
            if (_index.FindImage(Path.GetDirectoryName(beside)!, Path.GetFileName(beside)) is { } path)
            {
                return (path, Path.GetRelativePath(place, path));
            }
        }

        string stem = Path.GetFileName(id);
        foreach (string place in id == stem ? [] : places.Append(Path.GetDirectoryName(file)!))
        {
            if (root.Contains(place) && _index.FindImage(place, stem) is { } path)
            {
                return (path, Path.GetFileName(path));
            }
        }

        return FindByFileName(string.IsNullOrEmpty(fileName) ? null : fileName, id, places, root, shown);
    }

    private (string Full, string Name)? FindByFileName(string? named, string id, IReadOnlyList<string> places, DatasetRoot root, string shown)
    {
        foreach (string place in named is null ? [] : places)
        {
            if (root.Resolve(place, named!) is { } path && _index.Find(path) is { } found && File.Exists(found))
            {
                return (found, Path.GetRelativePath(place, found));
            }
        }

        if (named is not null && PathSuffixes.Find(root, named, places, _index) is { } moved && File.Exists(moved))
        {
            Notes.Add("<filename> is a path of another machine; the file of that name is used", "write the bare file name", shown, $"'{ProblemLog.Sanitize(named)}'");
            return (moved, Path.GetFileName(moved));
        }

        if (named is not null && root.Resolve(places[0], named) is null)
        {
            raw.Log.Add(
                DatasetProblemKind.EscapingPath,
                shown,
                "<filename> is absolute or leaves the data set's folder, ignored",
                "write the bare file name",
                named);
            named = null;
        }

        string missing = named ?? id + ".jpg";
        return root.Resolve(places[0], missing) is { } expected ? (expected, missing) : null;
    }
}
