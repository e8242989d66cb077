using FocalSharp.Datasets;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Explorer.Datasets;

/// <summary>What <c>focalsharp select</c> writes: the images to label next, in order, with detections as labels to correct.</summary>
internal static class SelectionFolder
{
    /// <summary>The name of the split in the explorer.</summary>
    public const string Split = "selected to label";

    private const string ListName = "selected.txt";
    private const string LabelsName = "preannotations";

    /// <summary>Returns the data set of a selection, whose labels are corrected; null if the folder is none.</summary>
    public static string? Find(string folder) =>
        File.Exists(Path.Combine(folder, ListName)) && Directory.Exists(Path.Combine(folder, LabelsName)) ? Path.Combine(folder, LabelsName) : null;

    /// <summary>Reads the images in order of selection. Those that were not copied are read from where they were selected.</summary>
    /// <exception cref="FocalSharpException">A file is missing or cannot be read.</exception>
    public static DetectionDataset Read(string folder)
    {
        string list = Path.Combine(folder, ListName);
        DetectionDataset dataset = DatasetReader.Read(Path.Combine(folder, LabelsName), new DatasetReadOptions { RequireImages = false, VerifyImages = false });
        string[] files;
        try
        {
            files = File.ReadAllLines(list);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"{list}: cannot be read ({exception.Message}).", exception) { Path = list };
        }

        if (files.Length != dataset.Images.Count || !files.All(ImageFiles.IsImage))
        {
            throw new DatasetException($"{list}: does not list the {dataset.Images.Count} images of {LabelsName}. Select again.") { Path = list };
        }

        return dataset with { Images = [.. dataset.Images.Zip(files, (image, file) => File.Exists(image.Path) ? image : image with { Path = Path.GetFullPath(file) })] };
    }
}
