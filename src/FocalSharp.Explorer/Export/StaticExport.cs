using FocalSharp.Explorer.Pages;
using FocalSharp.IO;

namespace FocalSharp.Explorer.Export;

/// <summary>Writes the pages that need no server, each as one file that holds all it needs.</summary>
public static class StaticExport
{
    // In every page's head: tells our earlier export, which may be replaced, from somebody's own page, which may not.
    private const string Marker = "<meta name=\"generator\" content=\"FocalSharp\">";

    /// <summary>Writes the exportable pages into a folder, which is made where it is absent.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="features">What to write of.</param>
    /// <returns>The files, the start page first.</returns>
    /// <exception cref="FocalSharpException">The folder cannot be written, or a page of somebody else's is in the way.</exception>
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<IExplorerFeature> features)
    {
        ExplorerPage[] pages = [.. features.SelectMany(feature => feature.Pages).Where(page => page.IsExportable)];
        string[] files = [.. pages.Select(page => Path.Combine(folder, PageLayout.FileName(page.Slug)))];
        foreach (string file in files.Where(IsForeign))
        {
            throw new FocalSharpException($"{file}: exists and was not written by FocalSharp. Move it away, or export into another folder.");
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
