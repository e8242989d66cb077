using System.Text.Json.Nodes;
using FocalSharp.Assignment;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>Converts detector options that FocalSharp 0.1 saved to the current keys.</summary>
internal static class DetectorHeaderUpgrade
{
    /// <summary>Converts options of format 1 in place.</summary>
    public static void FromFormat1(JsonObject options)
    {
        if (options["backbone"] is JsonObject backbone)
        {
            UpgradeBackbone(backbone);
        }

        if (options["neck"] is JsonObject neck)
        {
            neck["kind"] ??= new FpnOptions().Kind;
        }

        if (options["head"] is JsonObject head)
        {
            head["kind"] ??= new GflHeadOptions().Kind;
            Rename(head, "ownLevels", "perLevelWeights");
            Rename(head, "sides", "boxRepresentation");
        }

        if (options["loss"] is JsonObject loss)
        {
            UpgradeLoss(loss);
        }
    }

    // 0.1 had one record for both backbones; a CSP network's own settings were nested in it.
    private static void UpgradeBackbone(JsonObject backbone)
    {
        JsonObject? csp = backbone["csp"] as JsonObject;
        backbone.Remove("csp");
        if (csp is null)
        {
            backbone["kind"] ??= new ResNetOptions().Kind;
            return;
        }

        backbone["kind"] = new CspNetOptions().Kind;
        backbone.Remove("depth");
        backbone.Remove("norm");
        backbone.Remove("normGroups");
        foreach ((string key, JsonNode? value) in csp.ToArray())
        {
            csp.Remove(key);
            backbone[key] = value;
        }
    }

    private static void UpgradeLoss(JsonObject loss)
    {
        Rename(loss, "doubtScore", "ignoreNegativesAbove");
        Rename(loss, "qualityWeight", "classificationWeight");
        JsonNode? topK = Take(loss, "assignerTopK");
        if (loss["assigner"] is not JsonObject)
        {
            bool dynamic = Take(loss, "assigner")?.GetValue<string>() is "dynamicSoftLabel";
            loss["assigner"] = dynamic ? Part(new DynamicSoftLabelOptions().Kind) : Part(new AtssOptions().Kind, ("topK", topK));
        }

        (JsonNode? beta, JsonNode? alpha, JsonNode? gamma) = (Take(loss, "beta"), Take(loss, "focalAlpha"), Take(loss, "focalGamma"));
        if (loss["classification"] is not JsonObject)
        {
            bool focal = Take(loss, "classification")?.GetValue<string>() is "focal";
            loss["classification"] = focal
                ? Part(new FocalLossOptions().Kind, ("alpha", alpha), ("gamma", gamma))
                : Part(new QualityFocalLossOptions().Kind, ("beta", beta));
        }
    }

    private static JsonObject Part(string kind, params (string Key, JsonNode? Value)[] settings)
    {
        JsonObject part = new() { ["kind"] = kind };
        foreach ((string key, JsonNode? value) in settings)
        {
            if (value is not null)
            {
                part[key] = value;
            }
        }

        return part;
    }

    private static void Rename(JsonObject record, string old, string name)
    {
        if (Take(record, old) is { } value)
        {
            record[name] = value;
        }
    }

    private static JsonNode? Take(JsonObject record, string key) => record.Remove(key, out JsonNode? value) ? value : null;
}
