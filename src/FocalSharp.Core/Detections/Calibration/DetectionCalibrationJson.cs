using System.Globalization;
using System.Text;
using System.Text.Json;
using FocalSharp.Checkpoints;
using FocalSharp.IO;

namespace FocalSharp.Detections.Calibration;

/// <summary>Writes a calibration as JSON, and reads it from files that are not trusted.</summary>
internal static class DetectionCalibrationJson
{
    /// <summary>Incremented when an older reader would misunderstand the text.</summary>
    public const int CurrentFormat = 1;

    private const int MaxCharacters = 4 << 20;
    private const int MaxKnots = 10_000;
    private const int MaxLevels = 16;

    private static readonly string[] SizeNames = ["small", "medium", "large"];

    /// <summary>Serializes a calibration.</summary>
    public static string Write(DetectionCalibration calibration)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writer.WriteNumber("format", CurrentFormat);
            if (calibration.Source is { } source)
            {
                writer.WriteString("data", source.Data);
                writer.WriteString("split", source.Split);
                writer.WriteNumber("images", source.Images);
                writer.WriteNumber("boxes", source.Boxes);
            }

            WriteScores(writer, calibration);
            WriteEdges(writer, calibration.Edges);
            WriteThresholds(writer, calibration.Thresholds);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Deserializes a calibration.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="json">The text.</param>
    /// <param name="classes">The number of classes of the model.</param>
    /// <exception cref="ModelException">The text is not a valid calibration.</exception>
    public static DetectionCalibration Parse(string path, string json, int classes)
    {
        if (json.Length > MaxCharacters)
        {
            throw Invalid(path, $"longer than {MaxCharacters} characters");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            JsonElement root = document.RootElement;
            int format = root.GetProperty("format").GetInt32();
            if (format != CurrentFormat)
            {
                throw new ModelException($"{path}: its calibration has format {format}; this version of FocalSharp reads {CurrentFormat}. Update FocalSharp, or calibrate again.")
                { Path = path };
            }

            (ScoreMap? scores, string target) = ReadScores(root);
            return new DetectionCalibration
            {
                Source = ReadSource(root),
                Scores = scores,
                ScoreTarget = target,
                Edges = root.TryGetProperty("edges", out JsonElement edges) ? ReadEdges(edges, classes) : null,
                Thresholds = root.TryGetProperty("thresholds", out JsonElement thresholds) ? ReadThresholds(thresholds, classes) : null,
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw Invalid(path, exception.Message);
        }
    }

    private static void WriteScores(Utf8JsonWriter writer, DetectionCalibration calibration)
    {
        if (calibration.Scores is not { } map)
        {
            return;
        }

        writer.WriteStartObject("scores");
        writer.WriteString("target", calibration.ScoreTarget);
        if (map.IsIsotonic)
        {
            WriteNumbers(writer, "x", map.X.ToArray());
            WriteNumbers(writer, "y", map.Y.ToArray());
        }
        else
        {
            writer.WriteNumber("slope", map.Slope);
            writer.WriteNumber("intercept", map.Intercept);
        }

        writer.WriteEndObject();
    }

    private static void WriteEdges(Utf8JsonWriter writer, EdgeIntervalModel? edges)
    {
        if (edges is null)
        {
            return;
        }

        writer.WriteStartObject("edges");
        writer.WriteStartObject("scale");
        for (int i = 0; i < DeviationScale.FeatureCount; i++)
        {
            if (edges.Scale.Coefficients[i] != 0)
            {
                WriteNumbers(writer, DeviationScale.FeatureNames[i], [edges.Scale.Coefficients[i], edges.Scale.Min[i], edges.Scale.Max[i]]);
            }
        }

        writer.WriteEndObject();
        writer.WriteNumber("factor", edges.Factor);
        WriteNumbers(writer, "levels", edges.All.Levels);
        WriteNumbers(writer, "shift", edges.All.Shift);
        WriteRow(writer, "all", edges.All);
        writer.WriteStartObject("classes");
        foreach ((int label, IntervalRow row) in edges.ByClass.OrderBy(pair => pair.Key))
        {
            WriteRow(writer, label.ToString(CultureInfo.InvariantCulture), row);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("sizes");
        for (int i = 0; i < edges.BySize.Count; i++)
        {
            if (edges.BySize[i] is { } row)
            {
                WriteRow(writer, SizeNames[i], row);
            }
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteRow(Utf8JsonWriter writer, string name, IntervalRow row)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("boxes", row.Boxes);
        WriteNumbers(writer, "edge", row.Edge);
        WriteNumbers(writer, "box", row.Box);
        writer.WriteEndObject();
    }

    private static void WriteThresholds(Utf8JsonWriter writer, ScoreThresholds? thresholds)
    {
        if (thresholds is null)
        {
            return;
        }

        writer.WriteStartObject("thresholds");
        writer.WriteString("metric", thresholds.Metric);
        writer.WriteNumber("target", thresholds.Target);
        writer.WriteNumber("confidence", thresholds.Confidence);
        WriteNumbers(writer, "classes", [.. thresholds.ByClass.Select(value => value ?? double.PositiveInfinity)]);
        writer.WriteEndObject();
    }

    // JSON has no infinity: null stands for it.
    private static void WriteNumbers(Utf8JsonWriter writer, string name, IReadOnlyList<double> values)
    {
        writer.WriteStartArray(name);
        foreach (double value in values)
        {
            writer.WriteFiniteValue(value);
        }

        writer.WriteEndArray();
    }

    private static CalibrationSource? ReadSource(JsonElement root) => root.TryGetProperty("data", out JsonElement data)
        ? new CalibrationSource(
            TextSanitizer.Sanitize(data.GetString() ?? ""),
            TextSanitizer.Sanitize(root.GetProperty("split").GetString() ?? ""),
            root.GetProperty("images").GetInt32(),
            root.GetProperty("boxes").GetInt32())
        : null;

    private static (ScoreMap? Map, string Target) ReadScores(JsonElement root)
    {
        if (!root.TryGetProperty("scores", out JsonElement scores))
        {
            return (null, "iou");
        }

        string target = scores.GetProperty("target").GetString() is "precision" ? "precision" : "iou";
        if (!scores.TryGetProperty("x", out JsonElement knots))
        {
            double slope = ReadNumber(scores.GetProperty("slope"), 1e-6, 1e6);
            return (new ScoreMap(slope, ReadNumber(scores.GetProperty("intercept"), -1e6, 1e6)), target);
        }

        double[] x = ReadNumbers(knots, MaxKnots, 0, 1);
        double[] y = ReadNumbers(scores.GetProperty("y"), MaxKnots, 0, 1);
        Require(x.Length == y.Length && IsIncreasing(x) && IsIncreasing(y), "the knots of the score map do not increase strictly between 0 and 1");
        return (new ScoreMap(x, y), target);
    }

    private static EdgeIntervalModel ReadEdges(JsonElement edges, int classes)
    {
        int count = DeviationScale.FeatureCount;
        (double[] coefficients, double[] min, double[] max) = (new double[count], new double[count], new double[count]);
        foreach (JsonProperty feature in edges.GetProperty("scale").EnumerateObject())
        {
            int i = DeviationScale.FeatureNames.ToList().IndexOf(feature.Name);
            Require(i >= 0, $"'{TextSanitizer.Sanitize(feature.Name)}' is not a feature of the deviation scale");
            double[] values = ReadNumbers(feature.Value, 3, -1e6, 1e6);
            Require(values.Length == 3 && values[1] <= values[2], $"the feature {feature.Name} needs a coefficient and a range");
            (coefficients[i], min[i], max[i]) = (values[0], values[1], values[2]);
        }

        double[] levels = ReadNumbers(edges.GetProperty("levels"), MaxLevels, 1e-6, 1 - 1e-6);
        Require(levels.Length > 0 && levels.Zip(levels.Skip(1)).All(pair => pair.First < pair.Second), "the levels do not increase");
        Require(levels.Contains(DetectionCalibration.ReportedLevel), string.Create(CultureInfo.InvariantCulture, $"the level {DetectionCalibration.ReportedLevel} is missing"));
        double[] shift = ReadNumbers(edges.GetProperty("shift"), 4, -1e6, 1e6);
        Require(shift.Length == 4, "the shift needs a number per side");
        Dictionary<int, IntervalRow> byClass = [];
        foreach (JsonProperty row in edges.GetProperty("classes").EnumerateObject())
        {
            Require(int.TryParse(row.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int label) && label < classes, "a class is not one of the model's");
            Require(byClass.TryAdd(label, ReadRow(row.Value, levels, shift)), "a class is listed twice");
        }

        JsonElement sizes = edges.GetProperty("sizes");
        IntervalRow?[] bySize = [.. SizeNames.Select(name => sizes.TryGetProperty(name, out JsonElement row) ? ReadRow(row, levels, shift) : null)];
        return new EdgeIntervalModel(
            new DeviationScale(coefficients, min, max),
            ReadNumber(edges.GetProperty("factor"), 1e-6, 1e6),
            ReadRow(edges.GetProperty("all"), levels, shift),
            byClass,
            bySize.All(row => row is null) ? [] : bySize);
    }

    private static IntervalRow ReadRow(JsonElement row, double[] levels, double[] shift)
    {
        double[] edge = ReadNumbers(row.GetProperty("edge"), levels.Length, 0, 1e6, nullable: true);
        double[] box = ReadNumbers(row.GetProperty("box"), levels.Length, 0, 1e6, nullable: true);
        Require(edge.Length == levels.Length && box.Length == levels.Length, "a group needs a number per level");
        return new IntervalRow(levels, edge, box, shift, row.GetProperty("boxes").GetInt32());
    }

    private static ScoreThresholds ReadThresholds(JsonElement thresholds, int classes)
    {
        double[] byClass = ReadNumbers(thresholds.GetProperty("classes"), classes, 0, 1, nullable: true);
        Require(byClass.Length == classes, $"{byClass.Length} score thresholds do not match {classes} classes");
        return new ScoreThresholds(
            thresholds.GetProperty("metric").GetString() is "precision" ? "precision" : "recall",
            ReadNumber(thresholds.GetProperty("target"), 0, 1),
            ReadNumber(thresholds.GetProperty("confidence"), 0, 1),
            [.. byClass.Select(value => double.IsFinite(value) ? value : (double?)null)]);
    }

    private static double[] ReadNumbers(JsonElement list, int maxCount, double min, double max, bool nullable = false)
    {
        Require(list.GetArrayLength() <= maxCount, $"a list is longer than {maxCount}");
        return [.. list.EnumerateArray().Select(value => nullable && value.ValueKind == JsonValueKind.Null ? double.PositiveInfinity : ReadNumber(value, min, max))];
    }

    private static double ReadNumber(JsonElement value, double min, double max)
    {
        double number = value.GetDouble();
        Require(number >= min && number <= max, string.Create(CultureInfo.InvariantCulture, $"{number} is not between {min} and {max}"));
        return number;
    }

    private static bool IsIncreasing(double[] values) => values.Length > 0 && values[0] > 0 && values[^1] < 1 && values.Zip(values.Skip(1)).All(pair => pair.First < pair.Second);

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new FormatException(problem);
        }
    }

    private static ModelException Invalid(string path, string problem) =>
        new($"{path}: its calibration cannot be used ({problem}); the file was damaged or edited. Calibrate the model again.") { Path = path };
}
