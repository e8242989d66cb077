namespace FocalSharp.Datasets.Reading;

/// <summary>Lists the folders that were searched, for messages.</summary>
internal static class SearchedFolders
{
    private const int MaxListed = 5;

    /// <summary>Returns at most five searched folders, existing ones first, relative to the data set.</summary>
    public static string Describe(RawDataset raw)
    {
        string[] folders =
        [
            .. raw.SearchedImageFolders.Distinct().OrderBy(folder => !Path.Exists(folder))
                .Select(raw.Root.GetRelativePath).Select(folder => ProblemLog.Sanitize(folder)),
        ];
        string rest = folders.Length > MaxListed ? $" and {folders.Length - MaxListed} more" : "";
        return string.Join(", ", folders.Take(MaxListed)) + rest;
    }
}
