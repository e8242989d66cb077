using FocalSharp.Models.Catalog.Fetching;

namespace FocalSharp.Models.Catalog;

/// <summary>Turns checked files of another format into one FocalSharp weights file, once, when they are fetched.</summary>
internal static class ModelConverter
{
    /// <summary>Converts.</summary>
    /// <param name="entry">The model.</param>
    /// <param name="files">Its files, in the source's order.</param>
    /// <param name="target">The weights file to write, atomically.</param>
    public static void Convert(ModelEntry entry, IReadOnlyList<FetchedFile> files, string target)
    {
        Dictionary<string, string> info = new()
        {
            ["model"] = entry.Name,
            ["origin"] = entry.Source.Origin,
            ["licence"] = entry.License,
            ["score"] = entry.PublishedScore,
        };
        switch (entry.Conversion)
        {
            case ModelConversion.NanoDet:
                NanoDetWeights.Convert(files[0].Path, target, info);
                break;
            default:
                throw new NotSupportedException($"{entry.Name}: there is no conversion {entry.Conversion}");
        }
    }
}
