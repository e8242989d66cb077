using System.Globalization;
using FocalSharp.Datasets;
using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Cli.Prediction;

/// <summary>The image and category ids of COCO results: those of a data set, or made up.</summary>
internal sealed class CocoIds
{
    private readonly Dictionary<string, (long Id, string FileName)> _images;

    private CocoIds(Dictionary<string, (long Id, string FileName)> images, IReadOnlyList<CocoCategory?> categories, IReadOnlyList<string> notes)
    {
        _images = images;
        Categories = categories;
        Notes = notes;
    }

    /// <summary>Gets the category of each label of the model; null if the data set does not have the class.</summary>
    public IReadOnlyList<CocoCategory?> Categories { get; }

    /// <summary>Gets where the ids come from, as sentences for the user.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Returns the id of an image, and its file name: as in the data set, otherwise as the user named it.</summary>
    public (long Id, string FileName) GetImage(string file) => _images[file];

    /// <summary>Reads a folder as a data set; null if it is none.</summary>
    public static DetectionDataset? TryOpen(string folder)
    {
        try
        {
            return DatasetReader.Read(folder, new DatasetReadOptions { VerifyImages = false });
        }
        catch (FocalSharpException)
        {
            return null;
        }
    }

    /// <summary>Creates the ids of images.</summary>
    /// <param name="files">The image files as the user named them.</param>
    /// <param name="classes">The model's classes.</param>
    /// <param name="dataset">The data set of the images; null if there is none.</param>
    /// <param name="isRequired">Whether the ids must be those of the data set; if not, and the images or classes are others, ids are made up.</param>
    /// <exception cref="DatasetException">The data set is required, and an image or every class is not in it.</exception>
    public static CocoIds Create(IReadOnlyList<string> files, IReadOnlyList<string> classes, DetectionDataset? dataset, bool isRequired)
    {
        if (dataset is not null)
        {
            Dictionary<string, (long, string)> images = Find(files, dataset, out string? missing);
            CocoCategory?[] categories = Match(classes, dataset);
            bool hasClasses = categories.Any(category => category is not null);
            if (missing is null && hasClasses)
            {
                string[] other = [.. classes.Where((_, label) => categories[label] is null)];
                string ids = $"Image and category ids are those of {dataset.Name}.";
                return new CocoIds(images, categories, other.Length == 0 ? [ids] : [ids, $"Classes that the data set does not have are left out: {string.Join(", ", other.Take(5))}{(other.Length > 5 ? ", …" : "")}."]);
            }

            if (isRequired)
            {
                throw new DatasetException(missing is not null
                    ? $"{missing}: is not an image of {dataset.Name}, so its results have no image id. Predict images of the data set, or leave out the data set."
                    : $"None of the model's classes is a class of {dataset.Name}: {string.Join(", ", classes.Take(5))} and {string.Join(", ", dataset.Classes.Take(5))}.");
            }
        }

        return new CocoIds(
            MakeUp(files),
            [.. classes.Select((name, label) => (CocoCategory?)new CocoCategory(MakeUpCategory(classes, label), name))],
            ["Image and category ids are made up; 'eval --dt' matches images by file_name and classes by category_name. For a data set's own ids, pass it with --data."]);
    }

    private static Dictionary<string, (long Id, string FileName)> Find(IReadOnlyList<string> files, DetectionDataset dataset, out string? missing)
    {
        Dictionary<string, DatasetImage> byPath = [];
        foreach (DatasetImage image in dataset.Images)
        {
            byPath.TryAdd(Path.GetFullPath(image.Path), image);
        }

        missing = files.FirstOrDefault(file => !byPath.ContainsKey(Path.GetFullPath(file)));
        return files.Where(file => byPath.ContainsKey(Path.GetFullPath(file)))
            .ToDictionary(file => file, file => (byPath[Path.GetFullPath(file)].Id, byPath[Path.GetFullPath(file)].FileName));
    }

    private static CocoCategory?[] Match(IReadOnlyList<string> classes, DetectionDataset dataset) =>
    [
        .. classes.Select(name => dataset.Classes.ToList().FindIndex(other => string.Equals(name, other, StringComparison.OrdinalIgnoreCase)) is var label and >= 0
            ? new CocoCategory(dataset.CategoryIds[label], dataset.Classes[label])
            : (CocoCategory?)null),
    ];

    // The number in the file name if all files are named by numbers, as COCO's are; otherwise the position from 1.
    private static Dictionary<string, (long Id, string FileName)> MakeUp(IReadOnlyList<string> files)
    {
        long?[] named = [.. files.Select(file => long.TryParse(
            Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? id : (long?)null)];
        bool areNumbers = named.All(id => id is not null) && named.Distinct().Count() == named.Length;
        return files.Select((file, i) => (file, Id: areNumbers ? named[i]!.Value : i + 1)).ToDictionary(one => one.file, one => (one.Id, one.file));
    }

    private static int MakeUpCategory(IReadOnlyList<string> classes, int label) =>
        classes.SequenceEqual(CocoClasses.Names, StringComparer.Ordinal) ? CocoClasses.CategoryIds[label] : label + 1;
}
