using FocalSharp.Models.Catalog.Fetching;

namespace FocalSharp.Models.Catalog;

/// <summary>Converts verified files of another format to a FocalSharp weights file, once, after the download.</summary>
internal static class ModelConverter
{
    /// <summary>Converts a model.</summary>
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
            case ModelConversion.PicoDetOnnx:
                PicoDetWeights.Convert(files[0].Path, target, info);
                break;
            case ModelConversion.NanoDetPlus:
                NanoDetPlusWeights.Convert(files[0].Path, target, info);
                break;
            default:
                throw new NotSupportedException($"{entry.Name}: there is no conversion {entry.Conversion}");
        }
    }
}

/// <summary>Specifies the conversion of downloaded files.</summary>
internal enum ModelConversion
{
    /// <summary>None: the file stays as published, and the checkpoint reader reads it.</summary>
    None,

    /// <summary>A TensorFlow.js graph of NanoDet-g is converted to a FocalSharp weights file.</summary>
    NanoDet,

    /// <summary>An ONNX export of PicoDet is converted to a FocalSharp weights file.</summary>
    PicoDetOnnx,

    /// <summary>A NanoDet-Plus in ncnn's two files is converted to a FocalSharp weights file.</summary>
    NanoDetPlus,
}
