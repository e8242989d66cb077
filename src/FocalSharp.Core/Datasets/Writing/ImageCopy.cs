using FocalSharp.IO;

namespace FocalSharp.Datasets.Writing;

/// <summary>Copies image files byte for byte.</summary>
internal static class ImageCopy
{
    public static int CopyAll(IReadOnlyList<OutputImage> images, string folder)
    {
        AtomicBatch batch = new();
        int copied = 0;
        foreach (OutputImage image in images)
        {
            string target = Path.GetFullPath(Path.Combine(folder, image.RelativePath));
            if (target.Equals(Path.GetFullPath(image.Source.Path), StringComparison.Ordinal))
            {
                continue;
            }

            using FileStream source = Open(image.Source.Path);
            batch.Write(target, source.CopyTo);
            copied++;
        }

        batch.Flush();
        return copied;
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException(
                $"{path}: cannot be read ({exception.Message}). Restore the image, or write annotations without images.",
                exception)
            { Path = path };
        }
    }
}
