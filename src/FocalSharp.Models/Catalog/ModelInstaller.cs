using FocalSharp.IO;
using FocalSharp.Models.Catalog.Fetching;

namespace FocalSharp.Models.Catalog;

/// <summary>Moves verified files into the cache: weights and notice first, the receipt last.</summary>
internal static class ModelInstaller
{
    /// <summary>The license text beside the weights.</summary>
    public const string NoticeFileName = "NOTICE.txt";

    /// <summary>Installs a model.</summary>
    /// <param name="entry">The model.</param>
    /// <param name="folder">Its folder in the cache.</param>
    /// <param name="origin">The origin of the files.</param>
    /// <param name="files">The verified files, in the source's order; they may be moved.</param>
    public static StoredModel Install(ModelEntry entry, string folder, string origin, IReadOnlyList<FetchedFile> files)
    {
        Directory.CreateDirectory(folder);
        string receiptPath = Path.Combine(folder, ModelReceipt.FileName);
        File.Delete(receiptPath);
        string path = Path.Combine(folder, entry.FileName);
        if (entry.Conversion == ModelConversion.None)
        {
            File.Move(files[0].Path, path, overwrite: true);
        }
        else
        {
            ModelConverter.Convert(entry, files, path);
        }

        AtomicFile.WriteText(Path.Combine(folder, NoticeFileName), entry.Notice.ReplaceLineEndings("\n"));
        VerifiedFile[] sources = [.. files.Select(file => file.Source)];
        string hash = entry.Conversion == ModelConversion.None ? sources[0].Sha256 : Sha256File.ComputeHash(path);
        StoredModel model = new(entry, path, new FileInfo(path).Length, hash, origin) { Sources = sources };
        new ModelReceipt
        {
            Name = entry.Name,
            Bytes = model.Bytes,
            Sha256 = model.Sha256,
            Origin = origin,
            License = entry.License,
            Sources = sources,
        }.Write(receiptPath);
        return model;
    }
}
