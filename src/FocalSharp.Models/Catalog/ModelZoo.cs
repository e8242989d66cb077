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
        IEnumerable<string> names = (store?.Entries ?? ModelCatalog.Entries).Select(entry => entry.Name);
        if (names.Contains(nameOrPath, StringComparer.OrdinalIgnoreCase) && !(folder && RunFolder.ContainsWeights(nameOrPath)))
        {
            store ??= new ModelStore(); // not for a path: there may be no folder for a cache
            return store.Open(store.Get(nameOrPath)).Path;
        }

        if (folder)
        {
            return RunFolder.FindWeights(nameOrPath);
        }

        string near = Suggestions.DidYouMean(nameOrPath, names) is { Length: > 0 } published ? published : NearbyPaths.DidYouMean(nameOrPath);
        throw new ModelException(
            $"{nameOrPath}: there is no such file or folder, and no published model has this name.{near} "
            + "Pass a weights file (.safetensors, .pth), an ONNX file, a run folder (runs/NAME), or the name of a published model.");
    }
}
