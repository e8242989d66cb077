namespace FocalSharp.Datasets.Files;

/// <summary>
/// Finds the image file that an annotation names. Names may be paths of another machine, or addresses: then the file is looked up by its
/// name alone. No file outside the root is ever returned.
/// </summary>
/// <param name="root">The folder that no image may leave.</param>
/// <param name="index">The files below the folder.</param>
internal sealed class ImageLocator(DatasetRoot root, Lazy<FileIndex> index)
{
    private static readonly string[] ImageFolders = ["", "images", "img", "imgs", "data", "JPEGImages", "Images", "image"];
    private readonly Dictionary<string, string[]> _places = new(StringComparer.Ordinal);

    /// <summary>Returns the path of an image, and whether it was found by its name although a different folder is stated; null if it was not found.</summary>
    /// <param name="annotationFile">The annotation file, beside or above which images are searched first.</param>
    /// <param name="name">The name, path or address.</param>
    public (string Path, bool Relocated)? Find(string annotationFile, string name)
    {
        string portable = GetPortableName(name);
        if (portable.Length == 0 || portable.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        string[] places = GetPlaces(Path.GetDirectoryName(annotationFile)!);
        if (FindIn(places, portable) is { } stated)
        {
            return (stated, false);
        }

        // Without the first folders, which may be of another machine.
        string[] parts = [.. portable.Split('/').Where(part => part is not ("" or "." or ".."))];
        for (int skip = Math.Max(parts.Length == portable.Split('/').Length ? 1 : 0, parts.Length - 3); skip < parts.Length; skip++)
        {
            if (FindIn(places, string.Join('/', parts[skip..])) is { } path)
            {
                return (path, true);
            }
        }

        return parts.Length == 0 ? null : FindByName(parts);
    }

    /// <summary>Returns the image with a name without extension, or null.</summary>
    public string? FindStem(string annotationFile, string stem)
    {
        if (stem.Length == 0 || stem.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        foreach (string place in GetPlaces(Path.GetDirectoryName(annotationFile)!))
        {
            if (root.Resolve(place, stem) is { } path && ImageFiles.FindByStem(Path.GetDirectoryName(path)!, Path.GetFileName(path)) is { } found)
            {
                return found;
            }
        }

        string[] files = [.. index.Value.ImagesWithStem(Path.GetFileName(stem.Replace('\\', '/'))).Where(root.Contains).Take(2)];
        return files.Length == 1 ? files[0] : null;
    }

    /// <summary>Returns a name without scheme, host, query and escapes, with forward slashes.</summary>
    public static string GetPortableName(string name)
    {
        string text = name.Trim();
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            text = text[(scheme + 2)..];
            int query = text.IndexOfAny(['?', '#']);
            text = Uri.UnescapeDataString(query < 0 ? text : text[..query]);
        }

        return text.Replace('\\', '/');
    }

    private string? FindIn(string[] places, string name)
    {
        foreach (string place in places)
        {
            if (root.Resolve(place, name) is { } path && File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    // Of several files with the name, the one whose folders match most of the stated path; none if that leaves a choice.
    private (string Path, bool Relocated)? FindByName(string[] parts)
    {
        (int Matching, string? Path, bool Tie) best = (-1, null, false);
        foreach (string file in index.Value.WithName(parts[^1]).Where(root.Contains))
        {
            string[] actual = root.GetRelativePath(file).Split('/');
            int matching = 0;
            while (matching < Math.Min(actual.Length, parts.Length) && actual[^(matching + 1)].Equals(parts[^(matching + 1)], StringComparison.OrdinalIgnoreCase))
            {
                matching++;
            }

            best = matching > best.Matching ? (matching, file, false) : best with { Tie = best.Tie || matching == best.Matching };
        }

        return best.Path is null || best.Tie ? null : (best.Path, parts.Length > 1);
    }

    private string[] GetPlaces(string folder)
    {
        if (!_places.TryGetValue(folder, out string[]? places))
        {
            string? parent = root.Contains(folder) && folder != root.Folder ? Path.GetDirectoryName(folder) : null;
            _places[folder] = places =
            [
                .. new[] { folder, parent, root.Folder }.OfType<string>().Distinct()
                    .SelectMany(_ => ImageFolders, Path.Combine).Select(Path.TrimEndingDirectorySeparator).Distinct().Where(Directory.Exists),
            ];
        }

        return places;
    }
}
