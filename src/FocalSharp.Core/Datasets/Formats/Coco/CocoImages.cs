using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>Reads the images of a COCO file and finds their files, also where the names are paths of another machine.</summary>
/// <param name="raw">Receives the images and problems.</param>
/// <param name="options">The read options.</param>
internal sealed class CocoImages(RawDataset raw, DatasetReadOptions options)
{
    // A folder that the caller passes is trusted as a root of its own.
    private readonly DatasetRoot _root = options.ImageFolder is { } chosen ? new DatasetRoot(chosen) : raw.Root;
    private readonly FolderIndex _index = new();
    private Lazy<FileIndex>? _files;

    /// <summary>Gets what was understood although it is not standard.</summary>
    public NoteCollector Notes { get; } = new(DatasetProblemKind.NonStandard);

    /// <summary>Adds the images of a file and returns them by id.</summary>
    /// <param name="content">The file's content.</param>
    /// <param name="file">The file.</param>
    /// <param name="shown">The file, as messages show it.</param>
    /// <param name="split">Its split.</param>
    /// <param name="splitName">The name that the data set gives the split, or null.</param>
    public Dictionary<long, RawImage> Add(CocoFile content, string file, string shown, DatasetSplit split, string? splitName)
    {
        string[] places = options.ImageFolder is null ? [.. CocoLayout.ImageFoldersFor(file, split, _root.Folder, _index)] : [_root.Folder];
        string? folder = CocoLayout.FindImages(places, _root, content.Images);
        if (folder is null)
        {
            foreach (string place in places)
            {
                raw.SearchedImageFolders.Add(place);
            }
        }

        string start = folder ?? (places.Length > 0 ? places[^1] : _root.Folder);
        string?[] paths = [.. content.Images.Select(image => FindStated(start, image.FileName))];
        HashSet<string> taken = new(paths.OfType<string>(), StringComparer.Ordinal);
        Dictionary<long, RawImage> images = new(content.Images.Count);
        for (int i = 0; i < content.Images.Count; i++)
        {
            if (Create(content, content.Images[i], paths[i], start, places, file, shown, taken, images) is { } added)
            {
                added = WithSplit(added, content.Images[i], split, splitName);
                images[added.Id!.Value] = added;
                raw.Images.Add(added);
            }
        }

        return images;
    }

    // Where the file names no split, the entry or the first folder of its name may.
    private static RawImage WithSplit(RawImage image, in CocoImage entry, DatasetSplit split, string? splitName)
    {
        if (split == DatasetSplit.Unassigned)
        {
            string name = entry.Split ?? image.FileName.Split('/')[..^1].FirstOrDefault(part => SplitNames.FromWholeName(part) != DatasetSplit.Unassigned, "");
            if (SplitNames.FromWholeName(name) is var stated && stated != DatasetSplit.Unassigned)
            {
                return image with { Split = stated, SplitName = name };
            }
        }

        return image with { Split = split, SplitName = splitName };
    }

    private RawImage? Create(
        CocoFile content,
        in CocoImage image,
        string? path,
        string folder,
        string[] places,
        string file,
        string shown,
        HashSet<string> taken,
        Dictionary<long, RawImage> known)
    {
        if (image.Id is not { } id || string.IsNullOrWhiteSpace(image.FileName))
        {
            raw.Log.Add(
                DatasetProblemKind.UnreadableAnnotation,
                shown,
                $"the image has no id or no file name, skipped (the keys of the first image are {content.Deviations.DescribeKeys(CocoKeys.Images)})",
                "add 'id' and 'file_name'",
                image.FileName);
            return null;
        }

        if (known.TryGetValue(id, out RawImage? first))
        {
            raw.Log.Add(
                DatasetProblemKind.DuplicateId,
                shown,
                $"image id {id} is already used by '{first.FileName}', skipped",
                "give each image its own id",
                image.FileName);
            return null;
        }

        string name = image.FileName.Replace('\\', '/');
        if (path is null && FindElsewhere(image.FileName, folder, file, taken) is { } moved)
        {
            Notes.Add("file names do not exist in the image folder; the files of that name in the data set's folder are used", "write them relative to the image folder", shown, $"'{ProblemLog.Sanitize(image.FileName)}'");
            string place = places.FirstOrDefault(place => new DatasetRoot(place).Contains(moved), _root.Folder);
            (path, name) = (moved, new DatasetRoot(place).GetRelativePath(moved));
        }

        // Without images, as in evaluation, a name is only a name.
        path ??= _root.Resolve(folder, image.FileName) ?? (options.RequireImages ? null : _root.Resolve(folder, Path.GetFileName(name)));
        if (path is null)
        {
            raw.Log.Add(
                DatasetProblemKind.EscapingPath,
                shown,
                "the path is absolute or leaves the data set's folder, skipped",
                "write it relative to the image folder",
                image.FileName);
            return null;
        }

        return new RawImage
        {
            File = shown,
            FileName = name,
            Path = path,
            Id = id,
            Size = ImageSize.From(image.Width, image.Height),
        };
    }

    private string? FindStated(string folder, string? name) => string.IsNullOrWhiteSpace(name) ? null
        : _root.Resolve(folder, name) is not { } path ? null
        : File.Exists(path) ? path
        : _index.Find(path) is { } near && File.Exists(near) ? near
        : !ImageFiles.HasImageExtension(Path.GetExtension(path)) ? _index.FindImage(Path.GetDirectoryName(path)!, Path.GetFileName(path)) : null;

    // An entry that states another folder does not share the file of a second entry: they are two images.
    private string? FindElsewhere(string name, string folder, string file, HashSet<string> taken)
    {
        if (!options.RequireImages)
        {
            return null;
        }

        _files ??= new Lazy<FileIndex>(() => new FileIndex(_root.Folder));
        string? found = PathSuffixes.Find(_root, name, [folder], _index) is { } inFolder && File.Exists(inFolder)
            ? inFolder
            : new ImageLocator(_root, _files).Find(file, name)?.Path;
        return found is not null && taken.Add(found) ? found : null;
    }
}
