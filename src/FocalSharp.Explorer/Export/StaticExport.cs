using FocalSharp.Explorer.Pages;
using FocalSharp.IO;

namespace FocalSharp.Explorer.Export;

/// <summary>Writes the pages that need no server, each as one self-contained file.</summary>
internal static class StaticExport
{
    // In the head of every page: distinguishes an earlier export, which may be replaced, from other files.
    private const string Marker = "<meta name=\"generator\" content=\"FocalSharp\">";

    /// <summary>Writes the exportable pages into a folder, which is created if it does not exist.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="features">The features whose pages are exported.</param>
    /// <returns>The paths of the files, the start page first.</returns>
    /// <exception cref="FileException">The folder cannot be written, or it contains a file of the same name that FocalSharp did not write.</exception>
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<IExplorerFeature> features)
    {
        ExplorerPage[] pages = [.. features.SelectMany(feature => feature.Pages).Where(page => page.IsExportable)];
        string[] files = [.. pages.Select(page => Path.Combine(folder, PageLayout.FileName(page.Slug)))];
        foreach (string file in files.Where(IsForeign))
        {
            throw new FileException($"{file}: exists and was not written by FocalSharp. Move it, or export to another folder.");
        }

        PageLayout layout = new(pages);
        foreach ((ExplorerPage page, string file) in pages.Zip(files))
        {
            AtomicFile.WriteText(file, layout.RenderExported(page));
        }

        return files;
    }

    private static bool IsForeign(string file) =>
        File.Exists(file) && !File.ReadLines(file).Take(12).Any(line => line.Contains(Marker, StringComparison.Ordinal));
}
