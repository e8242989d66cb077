using FocalSharp.Datasets.Files;

namespace FocalSharp.Models.Catalog;

/// <summary>Finds the file of a model.</summary>
internal static class ModelZoo
{
    /// <summary>
    /// Returns the file of a model: a weights file, a run folder (its best weights), or the name of a published model that was downloaded. A file or
    /// run folder takes precedence over a published model of the same name.
    /// </summary>
    /// <param name="nameOrPath">The name or path.</param>
    /// <param name="store">The cache; null for the default.</param>
    /// <exception cref="ModelException">
    /// There is no such model, or it was not downloaded yet, or changed since.
    /// </exception>
    public static string Resolve(string nameOrPath, ModelStore? store = null)
    {
        if (File.Exists(nameOrPath))
        {
            return nameOrPath;
        }

        bool folder = Directory.Exists(nameOrPath);
        ModelEntry? entry = IsName(nameOrPath) ? (store ??= new ModelStore()).TryGet(nameOrPath) : null;
        if (entry is not null && !(folder && RunFolder.ContainsWeights(nameOrPath)))
        {
            return store!.Open(entry).Path;
        }

        if (folder)
        {
            return RunFolder.FindWeights(nameOrPath);
        }

        IEnumerable<string> names = (store?.Entries ?? ModelCatalog.Entries).Select(known => known.Name);
        string near = Suggestions.DidYouMean(nameOrPath, names) is { Length: > 0 } published ? published : NearbyPaths.DidYouMean(nameOrPath);
        throw new ModelException(
            $"{nameOrPath}: there is no such file or folder, and no published model has this name.{near} "
            + "Pass a weights file (.safetensors, .pth), an ONNX file, a run folder (runs/NAME), or the name of a published model.");
    }

    // A text with a separator or an extension can only be a path.
    private static bool IsName(string text) => text.Length is > 0 and <= 100 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');
}
