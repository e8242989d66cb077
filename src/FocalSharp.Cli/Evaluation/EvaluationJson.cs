using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FocalSharp.Evaluation.Bootstrap;
using FocalSharp.Evaluation.Protocols;
using FocalSharp.Training.Runs;

namespace FocalSharp.Cli.Evaluation;

/// <summary>Adds to the JSON of an evaluation what a protocol, a bootstrap and a comparison found.</summary>
internal static class EvaluationJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Returns the JSON of an evaluation.</summary>
    /// <param name="result">The result; its metrics are COCO's.</param>
    /// <param name="detector">The detector.</param>
    /// <param name="other">The detector that it is compared with; null for none.</param>
    public static string Create(RunResult result, EvaluatedDetector detector, EvaluatedDetector? other)
    {
        JsonObject added = CreateAdditions(detector, other);
        if (detector.Settings.HasCocoMetrics)
        {
            // Appended as text: the result has its own layout of long lists.
            string text = result.ToJson().TrimEnd();
            return $"{text[..^1].TrimEnd()},{added.ToJsonString(Indented)[1..]}\n";
        }

        JsonObject json = JsonNode.Parse(result.ToJson())!.AsObject();
        foreach (string name in result.Metrics.Summary.Select(metric => metric.Key).Append("per_class"))
        {
            json.Remove(name);
        }

        json.Insert(0, "AP", detector.Protocol.AP);
        json.Insert(1, "per_class", CreateClasses(detector));
        foreach ((string name, JsonNode? value) in added)
        {
            json[name] = value?.DeepClone();
        }

        return json.ToJsonString(Indented) + "\n";
    }

    private static JsonObject CreateAdditions(EvaluatedDetector detector, EvaluatedDetector? other)
    {
        JsonObject json = [];
        foreach ((string name, double? value) in detector.Settings.Protocol == EvaluationProtocol.Lvis ? detector.ByFrequency : [])
        {
            json[name] = value;
        }

        ProtocolMetrics metrics = detector.Protocol;
        json["protocol"] = metrics.Protocol.ToString().ToLowerInvariant();
        json["iou"] = new JsonArray([.. metrics.IouThresholds.Select(iou => JsonValue.Create(iou))]);
        json["max_detections"] = detector.Settings.Options.MaxDetections[^1] is var limit && limit == int.MaxValue ? null : limit;
        if (detector.Settings.Bootstrap is { } bootstrap)
        {
            json["bootstrap"] = CreateBootstrap(detector, bootstrap);
        }

        if (other is not null)
        {
            json["against"] = CreateComparison(detector, other);
        }

        return json;
    }

    private static JsonObject CreateClasses(EvaluatedDetector detector)
    {
        JsonObject classes = [];
        foreach ((ClassMatches one, ProtocolClassMetrics metrics) in detector.Matches.Classes.Zip(detector.Protocol.PerClass))
        {
            classes[classes.ContainsKey(metrics.Name) ? $"{metrics.Name} ({one.Category.Id})" : metrics.Name] = new JsonObject
            {
                ["AP"] = metrics.AP,
                ["recall"] = metrics.Recall,
                ["ground_truths"] = metrics.Objects,
            };
        }

        return classes;
    }

    private static JsonObject CreateBootstrap(EvaluatedDetector detector, BootstrapOptions options)
    {
        JsonObject json = new()
        {
            ["resamples"] = options.Resamples,
            ["seed"] = options.Seed,
            ["level"] = options.Level,
            ["images"] = detector.Matches.ImageIds.Count,
        };
        foreach ((string name, double? value, double[]? samples) in detector.Headline)
        {
            json[name] = CreateInterval(value is { } ap ? ConfidenceInterval.FromSamples(samples!, ap, options.Level) : null);
        }

        JsonObject classes = [];
        for (int k = 0; k < detector.Matches.Classes.Count; k++)
        {
            string name = detector.Matches.Classes[k].Category.Name;
            classes[classes.ContainsKey(name) ? $"{name} ({detector.Matches.Classes[k].Category.Id})" : name] =
                CreateInterval(detector.Protocol.PerClass[k].AP is { } ap ? ConfidenceInterval.FromSamples(detector.Samples!.ByClass[k], ap, options.Level) : null);
        }

        json["per_class"] = classes;
        return json;
    }

    private static JsonObject CreateComparison(EvaluatedDetector detector, EvaluatedDetector other)
    {
        JsonObject json = new() { ["name"] = other.Name };
        foreach ((string name, PairedComparison comparison) in detector.Compare(other))
        {
            json[name] = new JsonObject
            {
                ["value"] = comparison.Second,
                ["difference"] = comparison.Difference,
                ["interval"] = CreateInterval(comparison.Interval),
                ["p_value"] = comparison.PValue,
            };
        }

        return json;
    }

    private static JsonArray? CreateInterval(ConfidenceInterval? interval) => interval is { } one ? [one.Low, one.High] : null;
}
