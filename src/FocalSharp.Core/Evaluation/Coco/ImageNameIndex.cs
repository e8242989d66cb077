namespace FocalSharp.Evaluation.Coco;

/// <summary>Finds images by file name: with or without folders, with or without extension.</summary>
internal sealed class ImageNameIndex
{
    private readonly ILookup<string, (long Id, string Name)> _byFile;
    private readonly ILookup<string, (long Id, string Name)> _byStem;

    /// <summary>Indexes the images of a ground truth.</summary>
    public ImageNameIndex(CocoGroundTruth truth)
    {
        (long Id, string Name)[] images =
        [
            .. truth.FileNames.Zip(truth.ImageIds).Where(pair => !string.IsNullOrEmpty(pair.First)).Select(pair => (pair.Second, Normalize(pair.First!))),
        ];
        _byFile = images.ToLookup(image => FileOf(image.Name), StringComparer.Ordinal);
        _byStem = images.ToLookup(image => Path.GetFileNameWithoutExtension(FileOf(image.Name)), StringComparer.Ordinal);
    }

    /// <summary>Gets whether a name was found only without its extension.</summary>
    public bool UsedStem { get; private set; }

    /// <summary>Returns the image that a name or path stands for; null if there is none, or several that it does not distinguish.</summary>
    public long? Find(string name)
    {
        string path = Normalize(name);
        string file = FileOf(path);
        if (_byFile.Contains(file))
        {
            return Nearest([.. _byFile[file]], path);
        }

        // The text may itself be a name without extension, such as 'scan.v2'.
        (long Id, string Name)[] stems = [.. _byStem[file].Concat(_byStem[Path.GetFileNameWithoutExtension(file)]).Distinct()];
        UsedStem |= stems.Length > 0;
        return Nearest(stems, path);
    }

    /// <summary>Returns the image whose file name without extension is a number; null if there is none, or several.</summary>
    public Dictionary<long, long> FindNumbers()
    {
        Dictionary<long, long> numbers = [];
        foreach (IGrouping<string, (long Id, string Name)> group in _byStem)
        {
            if (long.TryParse(group.Key, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long number)
                && (group.Count() > 1 || !numbers.TryAdd(number, group.First().Id)))
            {
                numbers.Remove(number);
            }
        }

        return numbers;
    }

    // Of files of one name in several folders, the one that shares the most folders from the end.
    private static long? Nearest((long Id, string Name)[] candidates, string path)
    {
        if (candidates.Length <= 1)
        {
            return candidates.Length == 0 ? null : candidates[0].Id;
        }

        string[] folders = [.. path.Split('/').SkipLast(1)];
        int[] shared = [.. candidates.Select(candidate => SharedFolders(folders, candidate.Name))];
        int best = shared.Max();
        return shared.Count(count => count == best) == 1 ? candidates[Array.IndexOf(shared, best)].Id : null;
    }

    private static int SharedFolders(string[] folders, string name)
    {
        string[] others = [.. name.Split('/').SkipLast(1)];
        int shared = 0;
        while (shared < folders.Length && shared < others.Length && folders[^(shared + 1)] == others[^(shared + 1)])
        {
            shared++;
        }

        // A name without folders is the best match of a name without folders.
        return shared + (shared == folders.Length && shared == others.Length ? 1 : 0);
    }

    private static string Normalize(string name) => name.Replace('\\', '/');

    private static string FileOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
