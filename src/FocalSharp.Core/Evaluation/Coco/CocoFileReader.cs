namespace FocalSharp.Evaluation.Coco;

/// <summary>Opens COCO files.</summary>
internal static class CocoFileReader
{
    /// <summary>Reads a whole file, without a UTF-8 byte-order mark.</summary>
    public static ReadOnlyMemory<byte> ReadBytes(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw new FocalSharpException($"{path}: is a folder; give a COCO JSON file.");
            }

            byte[] bytes = File.ReadAllBytes(path);
            return bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsMemory(3) : bytes;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FocalSharpException($"{path}: no such file; give the path of a COCO JSON file.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FocalSharpException(
                $"{path}: cannot be read ({exception.Message}); give a readable COCO JSON file " +
                "below 2 GB.", exception);
        }
    }
}
