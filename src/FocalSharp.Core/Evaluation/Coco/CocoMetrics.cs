using System.Text;
using System.Text.Json;
using FocalSharp.Notebooks;

namespace FocalSharp.Evaluation.Coco;

/// <summary>
/// COCO's twelve metrics, those of each class, and the arrays from which they are averaged. −1 marks a value that is undefined
/// because there are no such objects, as in the reference. If the limits are not 1, 10, 100, then <see cref="AR1"/>, <see cref="AR10"/> and
/// <see cref="AR100"/> refer to the first, second and last limit, and all other metrics to the last; <see cref="Summary"/> names the limits.
/// </summary>
[TypeFormatterSource(typeof(CocoMetricsFormatters), PreferredMimeTypes = [HtmlText.MimeType])]
public sealed record CocoMetrics
{
    private readonly CocoArrays? _arrays;
    private readonly ScoredMatches[]? _matches;
    private readonly KeyValuePair<string, double>[] _recalls;

    internal CocoMetrics(CocoEvaluationOptions options, CocoArrays arrays, ScoredMatches[] matches, int[][] truthCounts)
    {
        Options = options;
        _arrays = arrays;
        _matches = matches;
        _recalls = [.. options.MaxDetections.Select(limit => new KeyValuePair<string, double>(RecallName(limit), arrays.AverageRecall(maxDetections: limit)))];
        AP = arrays.AveragePrecision();
        AP50 = arrays.AveragePrecision(0.5);
        AP75 = arrays.AveragePrecision(0.75);
        APs = arrays.AveragePrecision(area: "small");
        APm = arrays.AveragePrecision(area: "medium");
        APl = arrays.AveragePrecision(area: "large");
        IReadOnlyList<int> limits = options.MaxDetections;
        AR1 = arrays.AverageRecall(maxDetections: limits[0]);
        AR10 = arrays.AverageRecall(maxDetections: limits[Math.Min(1, limits.Count - 1)]);
        AR100 = arrays.AverageRecall();
        ARs = arrays.AverageRecall(area: "small");
        ARm = arrays.AverageRecall(area: "medium");
        ARl = arrays.AverageRecall(area: "large");
        PerClass = [.. arrays.Categories.Select((category, k) => new ClassMetrics(
            category.Name,
            arrays.AveragePrecision(category: k),
            arrays.AveragePrecision(0.5, category: k),
            arrays.AveragePrecision(0.75, category: k),
            arrays.AverageRecall(category: k),
            matches[k].TruthCount)
        {
            APs = arrays.AveragePrecision(area: "small", category: k),
            APm = arrays.AveragePrecision(area: "medium", category: k),
            APl = arrays.AveragePrecision(area: "large", category: k),
            SmallGroundTruths = Count(k, "small"),
            MediumGroundTruths = Count(k, "medium"),
            LargeGroundTruths = Count(k, "large"),
        })];

        // The counts are in the order of the options' ranges, which may have other names.
        int Count(int category, string area) => options.AreaRanges.Zip(truthCounts[category]).FirstOrDefault(pair => pair.First.Name == area).Second;
    }

    /// <summary>Initializes metrics from their values, without the arrays and curves.</summary>
    /// <param name="options">The limits of detections; the rest is the default.</param>
    /// <param name="values">The values by name.</param>
    /// <param name="perClass">The metrics of the classes.</param>
    private CocoMetrics(CocoEvaluationOptions options, Func<string, double> values, IReadOnlyList<ClassMetrics> perClass)
    {
        Options = options;
        (AP, AP50, AP75) = (values(nameof(AP)), values(nameof(AP50)), values(nameof(AP75)));
        (APs, APm, APl) = (values(nameof(APs)), values(nameof(APm)), values(nameof(APl)));
        (ARs, ARm, ARl) = (values(nameof(ARs)), values(nameof(ARm)), values(nameof(ARl)));
        IReadOnlyList<int> limits = options.MaxDetections;
        _recalls = [.. limits.Select(limit => new KeyValuePair<string, double>(RecallName(limit), values(RecallName(limit))))];
        (AR1, AR10, AR100) = (_recalls[0].Value, _recalls[Math.Min(1, limits.Count - 1)].Value, _recalls[^1].Value);
        PerClass = perClass;
    }

    /// <summary>Gets the average precision over IoU 0.50 to 0.95, the primary metric.</summary>
    public double AP { get; }

    /// <summary>Gets the average precision at IoU 0.5.</summary>
    public double AP50 { get; }

    /// <summary>Gets the average precision at IoU 0.75.</summary>
    public double AP75 { get; }

    /// <summary>Gets the average precision over small objects.</summary>
    public double APs { get; }

    /// <summary>Gets the average precision over medium objects.</summary>
    public double APm { get; }

    /// <summary>Gets the average precision over large objects.</summary>
    public double APl { get; }

    /// <summary>Gets the average recall with one detection per image and class.</summary>
    public double AR1 { get; }

    /// <summary>Gets the average recall with ten detections per image and class.</summary>
    public double AR10 { get; }

    /// <summary>Gets the average recall with a hundred detections per image and class.</summary>
    public double AR100 { get; }

    /// <summary>Gets the average recall over small objects.</summary>
    public double ARs { get; }

    /// <summary>Gets the average recall over medium objects.</summary>
    public double ARm { get; }

    /// <summary>Gets the average recall over large objects.</summary>
    public double ARl { get; }

    /// <summary>Gets the metrics of the classes, in the order of their category ids.</summary>
    public IReadOnlyList<ClassMetrics> PerClass { get; }

    /// <summary>Gets the options of the evaluation.</summary>
    public CocoEvaluationOptions Options { get; }

    /// <summary>Gets the precision, recall and score arrays.</summary>
    /// <exception cref="InvalidOperationException">The metrics were read from a file.</exception>
    internal CocoArrays Arrays => _arrays ?? throw CreateReadException();

    /// <summary>Gets the sorted detections of each class, for exact curves.</summary>
    /// <exception cref="InvalidOperationException">The metrics were read from a file.</exception>
    internal ScoredMatches[] Matches => _matches ?? throw CreateReadException();

    /// <summary>
    /// Returns the metrics with their names, in COCO's order: twelve with COCO's three limits of detections. The average recall of a limit is
    /// named by it, such as AR300.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, double>> Summary =>
    [
        new(nameof(AP), AP), new(nameof(AP50), AP50), new(nameof(AP75), AP75),
        new(nameof(APs), APs), new(nameof(APm), APm), new(nameof(APl), APl),
        .. _recalls,
        new(nameof(ARs), ARs), new(nameof(ARm), ARm), new(nameof(ARl), ARl),
    ];

    /// <summary>Gets the name of a class's average recall, which is that of the highest limit: AR100 by default.</summary>
    internal string ClassRecallName => RecallName(Options.MaxDetections[^1]);

    /// <summary>
    /// Writes the twelve metrics and <c>per_class</c> as properties of the writer's current object.
    /// </summary>
    public void WriteProperties(Utf8JsonWriter writer)
    {
        foreach ((string name, double value) in Summary)
        {
            writer.WriteNumber(name, value);
        }

        writer.WriteStartObject("per_class");
        HashSet<string> used = [];
        for (int k = 0; k < PerClass.Count; k++)
        {
            ClassMetrics metrics = PerClass[k];
            writer.WriteStartObject(used.Add(metrics.Name) ? metrics.Name : $"{metrics.Name} ({Arrays.Categories[k].Id})");
            writer.WriteNumber(nameof(AP), metrics.AP);
            writer.WriteNumber(nameof(AP50), metrics.AP50);
            writer.WriteNumber(nameof(AP75), metrics.AP75);
            writer.WriteNumber(nameof(APs), metrics.APs);
            writer.WriteNumber(nameof(APm), metrics.APm);
            writer.WriteNumber(nameof(APl), metrics.APl);
            writer.WriteNumber(ClassRecallName, metrics.AR100);
            writer.WriteNumber("ground_truths", metrics.GroundTruths);
            writer.WriteNumber("ground_truths_small", metrics.SmallGroundTruths);
            writer.WriteNumber("ground_truths_medium", metrics.MediumGroundTruths);
            writer.WriteNumber("ground_truths_large", metrics.LargeGroundTruths);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="WriteProperties"/> wrote. The result has no curves.</summary>
    /// <param name="json">An object with the metrics among its properties.</param>
    /// <exception cref="FormatException">A metric is missing or is not a number.</exception>
    internal static CocoMetrics Read(JsonElement json)
    {
        int[] limits = [.. json.EnumerateObject().Select(property => ReadLimit(property.Name)).OfType<int>().Order()];
        if (limits.Length == 0)
        {
            throw new FormatException("it has no average recall (AR1, AR10, AR100)");
        }

        if (!json.TryGetProperty("per_class", out JsonElement classes) || classes.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("it has no metrics per class (per_class)");
        }

        string recall = RecallName(limits[^1]);
        return new CocoMetrics(
            new CocoEvaluationOptions { MaxDetections = limits },
            name => ReadNumber(json, name),
            [.. classes.EnumerateObject().Select(one => ReadClass(one.Name, one.Value, recall))]);
    }

    private static ClassMetrics ReadClass(string name, JsonElement json, string recall) => new(
        name, ReadNumber(json, nameof(AP)), ReadNumber(json, nameof(AP50)), ReadNumber(json, nameof(AP75)), ReadNumber(json, recall), (int)ReadNumber(json, "ground_truths"))
    {
        APs = ReadNumber(json, nameof(APs), missing: -1),
        APm = ReadNumber(json, nameof(APm), missing: -1),
        APl = ReadNumber(json, nameof(APl), missing: -1),
        SmallGroundTruths = (int)ReadNumber(json, "ground_truths_small", missing: 0),
        MediumGroundTruths = (int)ReadNumber(json, "ground_truths_medium", missing: 0),
        LargeGroundTruths = (int)ReadNumber(json, "ground_truths_large", missing: 0),
    };

    private static int? ReadLimit(string name) =>
        name.StartsWith("AR", StringComparison.Ordinal) && int.TryParse(name.AsSpan(2), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int limit) ? limit : null;

    // Files of version 0.1 have no metrics of a class by size.
    private static double ReadNumber(JsonElement json, string name, double? missing = null) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value)
            ? value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) ? number : throw new FormatException($"its {name} is not a number")
            : missing ?? throw new FormatException($"it has no {name}");

    private static InvalidOperationException CreateReadException() =>
        new("These metrics were read from a file, which contains no curves. Evaluate the detections again.");

    private static string RecallName(int limit) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"AR{limit}");

    /// <summary>Returns the metrics as an indented JSON object, in full precision.</summary>
    public string ToJson()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            WriteProperties(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>Returns the metrics as a plain-text table; see <see cref="CocoMetricsTable"/>.</summary>
    public override string ToString() => CocoMetricsTable.Format(this);
}
