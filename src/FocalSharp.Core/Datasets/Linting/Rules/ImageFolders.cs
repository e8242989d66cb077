namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>The folders of a data set's images.</summary>
internal static class ImageFolders
{
    /// <summary>Returns the files, hidden ones too, in the folders of the images, in ordinal order.</summary>
    public static IEnumerable<string> EnumerateFiles(DetectionDataset dataset) => dataset.Images
        .Select(image => Path.GetDirectoryName(image.Path) ?? "")
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal));
}
