using System.Globalization;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Reading.Shapes;

namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>
/// Reads label files: one <c>class cx cy width height</c> per line, as fractions of the image size. Polygons (<c>class x1 y1 x2 y2 x3 y3 …</c>) and
/// rotated boxes (four corners) are replaced by their bounding boxes; of a pose, the box is read; a confidence or a track id after the box
/// is ignored.
/// </summary>
/// <param name="names">The class names.</param>
/// <param name="keypoints">The number of keypoints and of values for each, if the labels are poses.</param>
internal sealed class YoloLabels(IReadOnlyList<string> names, (int Count, int Values)? keypoints = null)
{
    private const int MaxNumbers = 100_000;
    private const int BoxNumbers = 5;

    /// <summary>Gets the log of problems.</summary>
    public ProblemLog Log { get; init; } = new();

    /// <summary>Gets counters for the linter, or null.</summary>
    public ReadStatistics? Statistics { get; init; }

    /// <summary>Gets the counts of shapes that are not upright boxes.</summary>
    public ShapeLog Shapes { get; init; } = new();

    /// <summary>Gets what was understood although it is not standard.</summary>
    public NoteCollector Notes { get; init; } = new(DatasetProblemKind.NonStandard);

    /// <summary>Adds the boxes of a label file to its image.</summary>
    public void Read(string path, string shown, RawImage image)
    {
        string[] lines;
        try
        {
            lines = BoundedText.ReadLines(path, BoundedText.MaxAnnotationBytes);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Log.Add(
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
            string[] parts = lines[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0)
            {
                continue;
            }

            string place = $"line {i + 1}";
            if (Parse(parts, shown, place, image.FileName, position) is { } box)
            {
                image.Boxes.Add(box with { Position = position, Place = i + 1 });
            }

            position++;
        }
    }

    /// <summary>Returns whether a line consists of at least five numbers, as labels do.</summary>
    public static bool IsLabel(string line)
    {
        string[] parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return parts.Length >= BoxNumbers && parts.Take(MaxNumbers).All(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out _));
    }

    private RawBox? Parse(string[] parts, string shown, string place, string image, int position)
    {
        double[] numbers = new double[Math.Min(parts.Length, MaxNumbers)];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
            {
                continue;
            }

            if (i == 0 && parts.Length >= BoxNumbers && IndexOf(parts[0]) is >= 0 and int label)
            {
                numbers[0] = label;
                Notes.Add("labels begin with the name of their class instead of its number", "write the number", shown, place);
                continue;
            }

            Report(DatasetProblemKind.UnreadableAnnotation, DescribeNonNumber(parts, i), "write class cx cy width height as numbers with a decimal point, or remove the line");
            return null;
        }

        LabelShape shape = GetShape(numbers);
        if (shape == LabelShape.Unknown)
        {
            Report(
                DatasetProblemKind.UnreadableAnnotation,
                $"it has {parts.Length} numbers, skipped",
                parts.Length > BoxNumbers + 1
                    ? "write class cx cy width height, or a polygon of at least three points; for poses, state kpt_shape in data.yaml"
                    : "write class cx cy width height, or a polygon of at least three points");
            return null;
        }

        if (Math.Abs(numbers[0]) < int.MaxValue)
        {
            Statistics?.AddUsedCategory((long)numbers[0]);
        }

        // An infinite or fractional class is as invalid as one that is too high.
        if (!(numbers[0] >= 0 && numbers[0] < names.Count && Math.Floor(numbers[0]) == numbers[0]))
        {
            Report(
                DatasetProblemKind.UnknownCategory,
                $"class {ProblemLog.Sanitize(parts[0])} is not among the {names.Count} classes (0 to {names.Count - 1}), skipped",
                "correct the class or add its name to data.yaml");
            return null;
        }

        AddNote(shape, numbers, shown, place, image, position);
        return shape == LabelShape.Polygon ? Bounds(numbers) : new RawBox
        {
            Label = (int)numbers[0],
            X1 = numbers[1] - (numbers[3] / 2),
            Y1 = numbers[2] - (numbers[4] / 2),
            X2 = numbers[1] + (numbers[3] / 2),
            Y2 = numbers[2] + (numbers[4] / 2),
            Position = 0,
        };

        void Report(DatasetProblemKind kind, string what, string fix) => Log.Add(kind, shown, what, fix, image, position, place);
    }

    private void AddNote(LabelShape shape, double[] numbers, string shown, string place, string image, int position)
    {
        switch (shape)
        {
            case LabelShape.Polygon:
                Shapes.AddEnclosed(numbers.Length == 9 ? "rotated boxes or polygons of four points" : "polygons", shown, image, position);
                break;
            case LabelShape.Pose:
                Shapes.AddEnclosed("poses", shown, image, position);
                break;
            case LabelShape.ScoredBox:
                Notes.Add("labels have a confidence or a track id after the box, which is ignored", "remove it if these are not predictions", shown, place);
                break;
        }
    }

    private LabelShape GetShape(double[] numbers)
    {
        int length = numbers.Length;
        if (length == BoxNumbers)
        {
            return LabelShape.Box;
        }

        if (keypoints is { } shape && length == BoxNumbers + (shape.Count * shape.Values))
        {
            return LabelShape.Pose;
        }

        // As trackers and detectors write them: confidence, track id, or both.
        if (length == BoxNumbers + 1)
        {
            return numbers[5] is >= 0 and <= 1 || IsTrackId(numbers[5]) ? LabelShape.ScoredBox : LabelShape.Unknown;
        }

        if (length == BoxNumbers + 2 && numbers[5] is >= 0 and <= 1 && IsTrackId(numbers[6]) && numbers[6] > 1)
        {
            return LabelShape.ScoredBox;
        }

        if (length >= BoxNumbers + 3 && (length - BoxNumbers) % 3 == 0 && HasVisibilities(numbers))
        {
            return LabelShape.Pose;
        }

        return length >= 7 && length % 2 == 1 ? LabelShape.Polygon : LabelShape.Unknown;
    }

    private static bool IsTrackId(double value) => value >= 0 && Math.Floor(value) == value && value < int.MaxValue;

    // The third value of every keypoint is 0, 1 or 2, and a polygon's coordinate of 2 would be outside the image.
    private static bool HasVisibilities(double[] numbers)
    {
        bool outside = false;
        for (int i = BoxNumbers + 2; i < numbers.Length; i += 3)
        {
            if (numbers[i] is not (0 or 1 or 2))
            {
                return false;
            }

            outside |= numbers[i] == 2;
        }

        return outside || numbers.Length % 2 == 0;
    }

    private static string DescribeNonNumber(string[] parts, int index)
    {
        string shown = $"'{ProblemLog.Sanitize(parts[index])}' is not a number";
        bool decimalComma = parts.Length >= BoxNumbers && parts[index].Count(c => c == ',') == 1;
        return decimalComma ? $"{shown} (it has a decimal comma), skipped"
            : parts[index].Contains(',', StringComparison.Ordinal) ? $"{shown} (the values are separated by commas), skipped"
            : $"{shown}, skipped";
    }

    private int IndexOf(string name)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
            {
                return i;
            }
        }

        return -1;
    }

    private static RawBox Bounds(double[] numbers)
    {
        double[] x = [.. numbers.Where((_, i) => i % 2 == 1)];
        double[] y = [.. numbers.Where((_, i) => i > 0 && i % 2 == 0)];
        return new RawBox { Label = (int)numbers[0], X1 = x.Min(), Y1 = y.Min(), X2 = x.Max(), Y2 = y.Max(), Position = 0 };
    }

    private enum LabelShape
    {
        Unknown,
        Box,
        ScoredBox,
        Polygon,
        Pose,
    }
}
