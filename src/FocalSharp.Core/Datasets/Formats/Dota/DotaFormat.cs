using System.Globalization;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Reading.Shapes;

namespace FocalSharp.Datasets.Formats.Dota;

/// <summary>
/// DOTA: text files in <c>labelTxt/</c> with the corners of a rotated box, the class and a difficulty on each line, in pixels. Roboflow's oriented
/// boxes for YOLOv5 have the same labels beside a <c>data.yaml</c>.
/// </summary>
internal sealed class DotaFormat : ReadOnlyFormat
{
    private const string LabelFolder = "labelTxt";
    private const int CornerNumbers = 8;
    private const int MaxDepth = 3;
    private static readonly string[] Headers = ["imagesource:", "gsd:"];

    public override string Name => "dota";

    public override string DisplayName => "DOTA";

    public override string SearchDescription => "labelTxt/*.txt with eight coordinates, a class and a difficulty per line, beside images/";

    public override RawDataset? TryRead(DatasetSource source)
    {
        string[] folders = source.IsFile ? [] : [.. FindFolders(source.Path, 0)];
        if (folders.Length == 0)
        {
            return null;
        }

        DatasetCollector collector = new(source, new RawDataset(source.Folder) { PlaceLabel = "line" });
        foreach (string file in folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal)))
        {
            _ = collector.TryRead(file, "DOTA labels", () => ReadFile(file, collector));
        }

        return collector.Complete();
    }

    // Only a few levels are searched, because this runs before the other formats.
    private static IEnumerable<string> FindFolders(string folder, int depth)
    {
        EnumerationOptions options = new() { IgnoreInaccessible = true };
        foreach (string child in Directory.EnumerateDirectories(folder, "*", options).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(child).StartsWith(LabelFolder, StringComparison.OrdinalIgnoreCase))
            {
                if (Directory.EnumerateFiles(child, "*.txt", options).Take(20).Any(IsDota))
                {
                    yield return child;
                }
            }
            else if (depth + 1 < MaxDepth)
            {
                foreach (string found in FindFolders(child, depth + 1))
                {
                    yield return found;
                }
            }
        }
    }

    private static bool IsDota(string file)
    {
        try
        {
            return File.ReadLines(file).Take(10).Where(line => line.Length < 4096).Select(Split).Any(fields => IsObject(fields));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void ReadFile(string file, DatasetCollector collector)
    {
        if (collector.AddImage(file, Path.GetFileNameWithoutExtension(file), byStem: true) is not { } image)
        {
            return;
        }

        string[] lines = BoundedText.ReadLines(file, BoundedText.MaxAnnotationBytes);
        int position = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            string[] fields = Split(lines[i]);
            if (fields.Length == 0 || Headers.Any(header => fields[0].StartsWith(header, StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            if (!IsObject(fields))
            {
                collector.Raw.Log.Add(
                    DatasetProblemKind.UnreadableAnnotation, image.File, "it is not eight coordinates, a class and a difficulty, skipped",
                    "correct the line", image.FileName, position++, $"line {i + 1}");
                continue;
            }

            EnclosingBox box = new();
            for (int k = 0; k < CornerNumbers; k += 2)
            {
                box.Add(Number(fields[k]), Number(fields[k + 1]));
            }

            bool isDifficult = fields.Length > CornerNumbers + 1 && fields[CornerNumbers + 1] is not "0";
            collector.AddShape(image, fields[CornerNumbers], box, position++, "rotated boxes", isDifficult);
        }
    }

    private static bool IsObject(string[] fields) => fields.Length is CornerNumbers + 1 or CornerNumbers + 2
        && fields.Take(CornerNumbers).All(field => !double.IsNaN(Number(field))) && double.IsNaN(Number(fields[CornerNumbers]));

    private static string[] Split(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;
}
