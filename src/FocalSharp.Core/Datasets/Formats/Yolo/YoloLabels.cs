using System.Globalization;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Reading.Shapes;

namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>
/// Reads a label file: one <c>class cx cy width height</c> per line, as fractions of the image size; a polygon
/// <c>class x1 y1 x2 y2 x3 y3 …</c> is replaced by its bounding box.
/// </summary>
internal static class YoloLabels
{
    private const int MaxNumbers = 100_000;

    public static void Read(
        string path, string shown, RawImage image, int classes, ProblemLog log, ReadStatistics? statistics = null, ShapeLog? shapes = null)
    {
        string[] lines;
        try
        {
            lines = BoundedText.ReadLines(path, BoundedText.MaxAnnotationBytes);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            log.Add(
                DatasetProblemKind.UnreadableAnnotation,
                shown,
                $"cannot be read ({ProblemLog.Sanitize(exception.Message)}), treated as empty",
                "fix the file",
                image.FileName);
            return;
        }

        int position = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]))
            {
                continue;
            }

            (DatasetProblemKind kind, string what, string fix) = (default, "", "");
            if (Parse(lines[i], classes, statistics, ref kind, ref what, ref fix, out int points) is { } box)
            {
                if (points > 0)
                {
                    shapes?.AddEnclosed(points == 4 ? "rotated boxes or polygons of four points" : "polygons", shown, image.FileName, position);
                }

                image.Boxes.Add(box with { Position = position, Place = i + 1 });
            }
            else
            {
                log.Add(kind, shown, what, fix, image.FileName, position, $"line {i + 1}");
            }

            position++;
        }
    }

    private static RawBox? Parse(
        string line, int classes, ReadStatistics? statistics, ref DatasetProblemKind kind, ref string what, ref string fix, out int points)
    {
        points = 0;
        string[] parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        double[] numbers = new double[Math.Min(parts.Length, MaxNumbers)];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
            {
                (kind, what, fix) = (
                    DatasetProblemKind.UnreadableAnnotation,
                    $"'{ProblemLog.Sanitize(parts[i])}' is not a number, skipped",
                    "write class cx cy width height as numbers, or remove the line");
                return null;
            }
        }

        bool polygon = numbers.Length >= 7 && numbers.Length % 2 == 1;
        if (numbers.Length != 5 && !polygon)
        {
            (kind, what, fix) = (
                DatasetProblemKind.UnreadableAnnotation,
                $"it has {parts.Length} numbers, skipped",
                "write class cx cy width height, or a polygon of at least three points");
            return null;
        }

        if (Math.Abs(numbers[0]) < int.MaxValue)
        {
            statistics?.AddUsedCategory((long)numbers[0]);
        }

        // An infinite or fractional class is as invalid as one that is too high.
        if (!(numbers[0] >= 0 && numbers[0] < classes && Math.Floor(numbers[0]) == numbers[0]))
        {
            (kind, what, fix) = (
                DatasetProblemKind.UnknownCategory,
                $"class {ProblemLog.Sanitize(parts[0])} is not among the {classes} classes (0 to {classes - 1}), skipped",
                "correct the class or add its name to data.yaml");
            return null;
        }

        points = polygon ? numbers.Length / 2 : 0;
        return polygon ? Bounds(numbers) : new RawBox
        {
            Label = (int)numbers[0],
            X1 = numbers[1] - (numbers[3] / 2),
            Y1 = numbers[2] - (numbers[4] / 2),
            X2 = numbers[1] + (numbers[3] / 2),
            Y2 = numbers[2] + (numbers[4] / 2),
            Position = 0,
        };
    }

    private static RawBox Bounds(double[] numbers)
    {
        double[] x = [.. numbers.Where((_, i) => i % 2 == 1)];
        double[] y = [.. numbers.Where((_, i) => i > 0 && i % 2 == 0)];
        return new RawBox { Label = (int)numbers[0], X1 = x.Min(), Y1 = y.Min(), X2 = x.Max(), Y2 = y.Max(), Position = 0 };
    }
}
