using System.Globalization;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Kitti;

/// <summary>
/// KITTI: a text file per image in <c>label_2/</c> with the type, truncation, occlusion, angle and the box in pixels on each line, then sizes
/// and places in the world. NVIDIA's tools write it beside <c>images/</c>.
/// </summary>
internal sealed class KittiFormat : ReadOnlyFormat
{
    private const int MinFields = 15;
    private const int MaxProbedFiles = 40;
    private const string NotLabeled = "DontCare";
    private static readonly string[] ImageFolders = ["image_2", "image_02", "images", "image", "data", "img"];

    public override string Name => "kitti";

    public override string DisplayName => "KITTI";

    public override string SearchDescription => "label_2/*.txt with 15 fields per line, the first a class name, beside image_2/";

    public override RawDataset? TryRead(DatasetSource source)
    {
        if (source.IsFile)
        {
            return null;
        }

        string[] folders =
        [
            .. source.GetFiles(".txt").GroupBy(file => Path.GetDirectoryName(file)!)
                .Where(folder => folder.Take(MaxProbedFiles).Any(IsKitti) && folder.Take(MaxProbedFiles).All(file => IsKitti(file) || new FileInfo(file).Length == 0))
                .Select(folder => folder.Key),
        ];
        if (folders.Length == 0)
        {
            return null;
        }

        DatasetCollector collector = new(source, new RawDataset(source.Folder) { PlaceLabel = "line", BoxLayout = BoxLayout.Corners });
        foreach (string file in source.GetFiles(".txt").Where(file => folders.Contains(Path.GetDirectoryName(file))))
        {
            _ = collector.TryRead(file, "KITTI labels", () => ReadFile(file, collector));
        }

        return collector.Complete();
    }

    private static bool IsKitti(string file)
    {
        try
        {
            string? line = File.ReadLines(file).Take(50).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));
            return line is { Length: < 4096 } && Split(line) is { Length: MinFields or MinFields + 1 } fields
                && double.IsNaN(Number(fields[0])) && fields.Skip(1).All(field => !double.IsNaN(Number(field)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void ReadFile(string file, DatasetCollector collector)
    {
        string stem = Path.GetFileNameWithoutExtension(file);
        string parent = Path.GetDirectoryName(Path.GetDirectoryName(file)!)!;
        string? beside = ImageFolders.Select(name => Path.Combine(parent, name)).Where(collector.Raw.Root.Contains)
            .Select(folder => ImageFiles.FindByStem(folder, stem)).FirstOrDefault(path => path is not null);
        if (collector.AddImage(file, beside is null ? stem : collector.Show(beside), byStem: beside is null) is not { } image)
        {
            return;
        }

        string[] lines = BoundedText.ReadLines(file, BoundedText.MaxAnnotationBytes);
        int position = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            string[] fields = Split(lines[i]);
            // KITTI marks regions whose objects are not labeled, which are no objects themselves.
            if (fields.Length == 0 || fields[0] == NotLabeled)
            {
                continue;
            }

            if (fields.Length < 8)
            {
                collector.Raw.Log.Add(
                    DatasetProblemKind.UnreadableAnnotation, image.File, $"it has {fields.Length} fields instead of {MinFields}, skipped",
                    "write type, truncated, occluded, alpha, left, top, right, bottom and seven further numbers", image.FileName, position++, $"line {i + 1}");
            }
            else
            {
                collector.AddBox(image, fields[0], (Number(fields[4]), Number(fields[5]), Number(fields[6]), Number(fields[7])), position++, i + 1);
            }
        }
    }

    private static string[] Split(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;
}
