using System.Text;

namespace FocalSharp.Datasets.Writing;

/// <summary>
/// Assigns each image a safe file name with a unique stem: the labels of <c>a.jpg</c> and <c>a.png</c>
/// would otherwise have the same name.
/// </summary>
internal static class OutputNames
{
    /// <param name="dataset">The data set.</param>
    /// <param name="flat">Whether the format stores all images in one folder and identifies them by stem.</param>
    /// <param name="folder">Returns the image folder of a split.</param>
    public static IReadOnlyList<OutputImage> Assign(DetectionDataset dataset, bool flat, Func<DatasetSplit, string> folder)
    {
        // Case-insensitive, because another file system may be.
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        List<OutputImage> images = new(dataset.Images.Count);
        foreach (DatasetImage image in dataset.Images)
        {
            string place = folder(image.Split);
            string name = GetSafeName(image.FileName, flat);
            string stem = Path.ChangeExtension(name, null);
            string unique = stem;
            for (int number = 2; !taken.Add($"{place}/{unique}"); number++)
            {
                unique = $"{stem}_{number}";
            }

            name = unique + Path.GetExtension(name);
            images.Add(new OutputImage(image, name, $"{place}/{name}"));
        }

        return images;
    }

    private static string GetSafeName(string fileName, bool flat)
    {
        string[] parts =
        [
            .. fileName.Replace('\\', '/').Split('/').Where(part => part is not ("" or "." or ".."))
                .Select(part => SanitizePart(part, flat)),
        ];
        return parts.Length == 0 ? "image" : string.Join(flat ? '_' : '/', parts);
    }

    // VOC's lists end an id at the first space, and some systems forbid more characters than others.
    private static string SanitizePart(string part, bool flat)
    {
        StringBuilder clean = new(part.Length);
        foreach (char c in part)
        {
            bool bad = char.IsControl(c) || (flat && char.IsWhiteSpace(c)) || c is '<' or '>' or ':' or '"' or '|' or '?' or '*';
            clean.Append(bad ? '_' : c);
        }

        return clean.ToString();
    }
}
