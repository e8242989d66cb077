using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FocalSharp.Explorer.Hosting;
using FocalSharp.Explorer.Pages;
using FocalSharp.IO;

namespace FocalSharp.Explorer.Export;

/// <summary>Writes the pages that need no server into a folder that any static host serves; except for the detector, they also open from disk.</summary>
internal static class StaticExport
{
    private const string Marker = "<meta name=\"generator\" content=\"FocalSharp\">";
    private const string ServiceWorker = "service-worker.js";
    private const string ServiceWorkerMarker = "// FocalSharp: ";
    private const string ModelFile = "model/model.onnx";
    private const string ModelJson = "model/model.json";

    private static readonly string[] RuntimeFiles = ["onnx/ort-wasm-simd-threaded.mjs", "onnx/ort-wasm-simd-threaded.wasm"];

    private static readonly ExplorerPage DetectorPage = new()
    {
        Slug = "detector",
        Title = "A detector in your browser",
        Label = "Detector",
        Summary = "Drop a photo: objects with the uncertainty of each box edge, found in your browser.",
        Group = PageGroup.Detector,
        IsExportable = true,
        RunsModel = true,
        Body = ExplorerPage.FromAsset("pages/detector.html"),
        Styles = ["css/detections.css"],
        Scripts =
        [
            "onnx/ort.wasm.min.js", "js/models.js", "js/preprocess.js", "js/decode.js", "js/local-detector.js", "js/selection.js", "js/stage.js", "js/sides.js",
            "js/detector.js",
        ],
    };

    /// <summary>Writes the exportable pages into a folder, which is created if it does not exist.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="features">The features whose pages are exported.</param>
    /// <param name="model">The model of a page that runs it in the browser; null for none.</param>
    /// <param name="address">The address that the folder will have, for the pictures of link previews; null if it is unknown.</param>
    /// <returns>The paths of the pages, the start page first.</returns>
    /// <exception cref="FileException">The folder cannot be written, or it contains a file of the same name that FocalSharp did not write.</exception>
    public static IReadOnlyList<string> Write(string folder, IReadOnlyList<IExplorerFeature> features, BrowserModel? model = null, Uri? address = null)
    {
        ExplorerPage[] pages = [.. features.SelectMany(feature => feature.Pages).Where(page => page.IsExportable), .. model is null ? [] : new[] { DetectorPage }];
        string[] files = [.. pages.Select(page => Path.Combine(folder, PageLayout.FileName(page.Slug)))];
        foreach (string file in files.Append(Path.Combine(folder, ServiceWorker)).Where(IsForeign))
        {
            throw new FileException($"{file}: exists and was not written by FocalSharp. Move it, or export to another folder.");
        }

        PageLayout layout = new(pages) { Address = address };
        SortedDictionary<string, byte[]> content = new(StringComparer.Ordinal);
        foreach (ExplorerPage page in pages)
        {
            content.Add(PageLayout.FileName(page.Slug), Encoding.UTF8.GetBytes(layout.RenderExported(page)));
        }

        foreach (string name in pages.SelectMany(PageLayout.GetExportedAssets).Concat(model is null ? [] : RuntimeFiles).Distinct(StringComparer.Ordinal))
        {
            content.Add("assets/" + name, EmbeddedAssets.Get(name).Content);
        }

        if (model is not null)
        {
            content.Add(ModelFile, model.Onnx);
            content.Add(ModelJson, Encoding.UTF8.GetBytes(model.Json));
        }

        content.Add(ServiceWorker, CreateServiceWorker(content));
        foreach ((string name, byte[] bytes) in content)
        {
            AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(bytes));
        }

        return files;
    }

    // The version is a hash of all files, so that browsers replace what they cached from an earlier export.
    private static byte[] CreateServiceWorker(SortedDictionary<string, byte[]> content)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, byte[] bytes) in content)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(bytes);
        }

        string version = Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
        string text = EmbeddedAssets.Get("js/" + ServiceWorker).Text
            .Replace("{{version}}", version, StringComparison.Ordinal)
            .Replace("{{files}}", JsonSerializer.Serialize(content.Keys.Prepend("./")), StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text);
    }

    private static bool IsForeign(string file) => File.Exists(file) && !File.ReadLines(file).Take(12).Any(line =>
        line.Contains(Marker, StringComparison.Ordinal) || line.StartsWith(ServiceWorkerMarker, StringComparison.Ordinal));
}
