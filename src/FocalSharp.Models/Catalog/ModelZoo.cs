

namespace FocalSharp.Models.Catalog;

/// <summary>Turns what a user calls a model into the file that holds its weights.</summary>
public static class ModelZoo
{
    /// <summary>
    /// A weights file as it is, a run's folder (its best weights), or the name of a published model that was fetched. Where a file or a
    /// run's folder of that name exists, it is meant.
    /// </summary>
    /// <param name="nameOrPath">What <c>--weights</c> was given.</param>
    /// <param name="store">The cache; null for the user's own.</param>
    /// <exception cref="FocalSharpException">
    /// There is no such thing; the model was not fetched yet, or damaged since. The message says what to do.
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
        throw new FocalSharpException(
            $"{nameOrPath}: there is no such file or folder, and no published model of that name.{Suggestions.DidYouMean(nameOrPath, names)} "
            + "Give a weights file (.safetensors, .pth), a run's folder (runs/NAME), or a name that 'focalsharp models' lists.");
    }

    // What has a separator or an ending can only be a path, and needs no cache to say so.
    private static bool IsName(string text) => text.Length is > 0 and <= 100 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');
}
