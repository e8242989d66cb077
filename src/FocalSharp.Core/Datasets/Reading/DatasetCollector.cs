using System.Text.Json;
using System.Xml;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading.Shapes;

namespace FocalSharp.Datasets.Reading;

/// <summary>
/// Collects what annotation files of any format state: finds images, assigns labels to class names, and reports what cannot be used. For
/// formats whose files name the class of each object.
/// </summary>
internal sealed class DatasetCollector
{
    private static readonly string[] PassedFolders = ["images", "img", "imgs", "data", "jpegimages", "image", "ds", "label_2", "image_2"];

    private readonly DatasetSource _source;
    private readonly ImageLocator _images;
    private readonly DatasetRoot _imageRoot;
    private readonly Dictionary<(string File, string Path), RawImage> _known = [];
    private (int Count, string File, string Name) _relocated;

    /// <param name="source">The file or folder.</param>
    /// <param name="raw">The data set to fill.</param>
    public DatasetCollector(DatasetSource source, RawDataset raw)
    {
        (_source, Raw) = (source, raw);
        _imageRoot = source.Options.ImageFolder is { } chosen ? new DatasetRoot(chosen) : raw.Root;
        _images = new ImageLocator(_imageRoot, source.Options.ImageFolder is null ? source.Index : new Lazy<FileIndex>(() => new FileIndex(_imageRoot.Folder)));
    }

    /// <summary>Gets the data set.</summary>
    public RawDataset Raw { get; }

    /// <summary>Gets the classes.</summary>
    public ClassTable Classes { get; } = new();

    /// <summary>Returns a path as messages show it.</summary>
    public string Show(string file) => Raw.Root.GetRelativePath(file);

    /// <summary>Returns the split that a file's name, or the folders it is in below the root, indicate; the nearest one counts.</summary>
    public DatasetSplit GetSplit(string file) => Show(file).Split('/').Reverse()
        .Select((part, i) => SplitNames.FromName(i == 0 ? Path.GetFileNameWithoutExtension(part) : part))
        .FirstOrDefault(split => split != DatasetSplit.Unassigned);

    /// <summary>Reads an annotation file; if it is broken, that is reported, and false returned.</summary>
    public bool TryRead(string file, string formatName, Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (Exception exception) when (exception is JsonException or XmlException or InvalidDataException or IOException or UnauthorizedAccessException
            or InvalidOperationException or FormatException or ArgumentException)
        {
            Raw.Log.Add(
                DatasetProblemKind.UnreadableAnnotation,
                Show(file),
                $"cannot be read as {formatName} ({ProblemLog.Sanitize(exception.Message)}), the rest of the file is skipped",
                "fix the file or export it again");
            return false;
        }
    }

    /// <summary>Adds an image, or returns the one that the same file has added before; null if it has no usable name.</summary>
    /// <param name="file">The annotation file.</param>
    /// <param name="name">The image's name, path or address in the annotations.</param>
    /// <param name="size">The annotated size, or null.</param>
    /// <param name="split">The split that the annotations state; null for that of the file, or else of the image's folder.</param>
    /// <param name="alternative">A second name to try.</param>
    /// <param name="byStem">Whether the name has no extension.</param>
    /// <param name="isEmbedded">Whether the file contains the image itself.</param>
    public RawImage? AddImage(
        string file, string? name, ImageSize? size = null, DatasetSplit? split = null, string? alternative = null, bool byStem = false, bool isEmbedded = false)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            Report(DatasetProblemKind.UnreadableAnnotation, file, "an image has no name, skipped", "add its file name");
            return null;
        }

        if (_known.TryGetValue((file, name), out RawImage? known))
        {
            return known;
        }

        string path = Locate(file, name, alternative, byStem);
        DatasetSplit found = split ?? GetSplit(file);
        RawImage image = new()
        {
            File = Show(file),
            FileName = GetFileName(path),
            Path = path,
            Split = found == DatasetSplit.Unassigned && split is null ? GetSplit(Path.Combine(Path.GetDirectoryName(path)!, "x")) : found,
            Size = size,
            IsEmbedded = isEmbedded,
        };
        Raw.Images.Add(image);
        return _known[(file, name)] = image;
    }

    /// <summary>Adds an object with a box as the file states it; corners in the wrong order are reported by the builder.</summary>
    /// <param name="image">The image.</param>
    /// <param name="className">The class; a missing one is reported.</param>
    /// <param name="corners">Left, top, right and bottom edge.</param>
    /// <param name="position">The object's position in its image.</param>
    /// <param name="place">The line, or 0.</param>
    /// <param name="isCrowd">Whether the object is a group.</param>
    public void AddBox(
        RawImage image, string? className, (double X1, double Y1, double X2, double Y2) corners, int position, long place = 0, bool isCrowd = false)
    {
        if (GetLabel(image, className, position) is { } label)
        {
            image.Boxes.Add(new RawBox
            {
                Label = label,
                X1 = corners.X1,
                Y1 = corners.Y1,
                X2 = corners.X2,
                Y2 = corners.Y2,
                Position = position,
                Place = place,
                IsCrowd = isCrowd,
            });
        }
    }

    /// <summary>Adds an object with the box around its outline.</summary>
    /// <param name="image">The image.</param>
    /// <param name="className">The class; a missing one is reported.</param>
    /// <param name="box">The box.</param>
    /// <param name="position">The object's position in its image.</param>
    /// <param name="shapes">The outline's name in the plural, for example "polygons"; null if it is an upright box.</param>
    /// <param name="isDifficult">Whether the object is marked as difficult.</param>
    public void AddShape(RawImage image, string? className, in EnclosingBox box, int position, string? shapes, bool isDifficult = false)
    {
        if (GetLabel(image, className, position) is { } label)
        {
            image.Boxes.Add(box.ToRawBox(label, position) with { IsDifficult = isDifficult });
            if (shapes is not null)
            {
                Raw.Shapes.AddEnclosed(shapes, image.File, image.FileName, position);
            }
        }
    }

    /// <summary>Reports a problem of an annotation file.</summary>
    public void Report(DatasetProblemKind kind, string file, string what, string fix, string? image = null, int? position = null) =>
        Raw.Log.Add(kind, Show(file), what, fix, image, position);

    /// <summary>Completes the data set.</summary>
    public RawDataset Complete()
    {
        if (_relocated.Count > 0)
        {
            Raw.Log.Add(
                DatasetProblemKind.NonStandard,
                _relocated.File,
                $"{_relocated.Count} paths are of another folder or machine; the images were found by their file names, the first: '{ProblemLog.Sanitize(_relocated.Name)}'",
                "check that these are the annotated images");
        }

        Raw.SearchedImageFolders.Add(_imageRoot.Folder);
        Classes.Complete(Raw);
        return Raw;
    }

    private string Locate(string file, string name, string? alternative, bool byStem)
    {
        if (byStem && _images.FindStem(file, name) is { } image)
        {
            return image;
        }

        foreach (string candidate in byStem || alternative is null ? [name] : new[] { name, alternative })
        {
            if (_images.Find(file, candidate) is { } found)
            {
                if (found.Relocated && alternative is null)
                {
                    _relocated = _relocated.Count == 0 ? (1, Show(file), name) : _relocated with { Count = _relocated.Count + 1 };
                }

                return found.Path;
            }
        }

        // The file is missing; the builder reports it under the name that it should have.
        string expected = ImageLocator.GetPortableName(name);
        string folder = _imageRoot.Contains(Path.GetDirectoryName(file)!) ? Path.GetDirectoryName(file)! : _imageRoot.Folder;
        string bare = expected.Split('/').LastOrDefault(part => part is not ("" or "." or "..")) ?? "image";
        return _imageRoot.Resolve(folder, expected) ?? _imageRoot.Resolve(folder, bare.Replace("\0", "", StringComparison.Ordinal)) ?? Path.Combine(folder, "image");
    }

    private int? GetLabel(RawImage image, string? className, int position)
    {
        int? label = Classes.GetLabel(className);
        if (label is null)
        {
            Raw.Log.Add(
                DatasetProblemKind.UnknownCategory, image.File, "the object has no class name, skipped", "name its class", image.FileName, position);
        }

        return label;
    }

    // The name below the folders that only stand for the images or a split, as other formats state it.
    private string GetFileName(string path)
    {
        string[] parts = _imageRoot.GetRelativePath(path).Split('/');
        int start = 0;
        while (start < parts.Length - 1 && (PassedFolders.Contains(parts[start].ToLowerInvariant()) || IsSplitFolder(parts[start])))
        {
            start++;
        }

        return string.Join('/', parts[start..]);
    }

    private static bool IsSplitFolder(string name) =>
        name.Equals("unassigned", StringComparison.OrdinalIgnoreCase)
        || SplitNames.Named.Any(split => SplitNames.GetFolderNames(split).Contains(name, StringComparer.OrdinalIgnoreCase));
}
