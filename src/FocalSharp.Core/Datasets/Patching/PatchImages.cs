namespace FocalSharp.Datasets.Patching;

/// <summary>Finds the images that a patch names, and names images so that they are found again.</summary>
internal sealed class PatchImages
{
    private readonly ILookup<string, DatasetImage> _byFile;

    /// <summary>Indexes the images of a data set.</summary>
    public PatchImages(DetectionDataset dataset) => _byFile = dataset.Images.ToLookup(image => GetFile(image.FileName), StringComparer.Ordinal);

    /// <summary>Returns the images that a name may mean: one if it is found, several if it is ambiguous.</summary>
    /// <remarks>The whole name is compared with the annotated name and the end of the path; if none fits, the file name alone.</remarks>
    public IReadOnlyList<DatasetImage> Find(string name)
    {
        string wanted = Normalize(name);
        DatasetImage[] files = [.. _byFile[GetFile(wanted)]];
        DatasetImage[] exact = [.. files.Where(image => Normalize(image.FileName) == wanted || Normalize(image.Path).EndsWith("/" + wanted, StringComparison.Ordinal))];
        return exact.Length > 0 ? exact : files;
    }

    /// <summary>Returns the shortest name that means only this image: its annotated name, with parent folders if others have the same.</summary>
    public string GetName(DatasetImage image)
    {
        string name = Normalize(image.FileName);
        string[] folders = Normalize(image.Path).Split('/');
        int taken = name.Split('/').Length;
        while (Find(name).Count > 1 && taken < folders.Length && folders[^(taken + 1)].Length > 0)
        {
            taken++;
            name = string.Join('/', folders[^taken..]);
        }

        return name;
    }

    private static string Normalize(string path) => path.Replace('\\', '/');

    private static string GetFile(string name) => Normalize(name)[(Normalize(name).LastIndexOf('/') + 1)..];
}
