using FocalSharp.Datasets.Files;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Finds the image files in the folders of a data set's images that the data set does not contain.</summary>
internal static class UnlistedImageFiles
{
    /// <summary>Returns their paths, folder by folder. Hidden files and images that reading has reported are left out.</summary>
    public static IEnumerable<string> Find(LintContext context)
    {
        HashSet<string> listed = new(context.Dataset.Images.Select(image => image.Path), StringComparer.Ordinal);
        HashSet<string> reported = [.. context.Dataset.Problems.Select(problem => problem.Image).OfType<string>().Select(name => Path.GetFileName(name))];
        string[] folders = [.. listed.Select(path => Path.GetDirectoryName(path) ?? "").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return folders.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder))
            .Where(file => !Path.GetFileName(file).StartsWith('.') && ImageFiles.IsImage(file) && !listed.Contains(file) && !reported.Contains(Path.GetFileName(file)));
    }
}
