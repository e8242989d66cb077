using System.Text.Json;
using FocalSharp.Datasets.Patching;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.Explorer.Datasets;
using FocalSharp.Explorer.Datasets.Filtering;

namespace FocalSharp.Explorer.Labels;

/// <summary>Writes the labels of an image, and the label issues in it.</summary>
internal static class LabelJson
{
    /// <summary>Writes the response.</summary>
    public static void Write(Utf8JsonWriter writer, LabelStore store, ImageLabels labels, EvaluatedDataset evaluated, int image)
    {
        writer.WriteStartObject();
        writer.WriteString("file", Path.GetFileName(store.Path));
        writer.WriteNumber("edits", labels.Edits);
        writer.WriteNumber("allEdits", labels.AllEdits);
        writer.WriteBoolean("reviewed", labels.IsReviewed);
        writer.WriteNumber("reviewedImages", labels.ReviewedImages);
        writer.WriteStartArray("classes");
        foreach (string name in store.Classes)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("objects");
        foreach (PatchedObject item in labels.Objects)
        {
            writer.WriteStartObject();
            writer.WriteString("class", store.Classes[item.Annotation.Label]);
            writer.WriteString("state", item.State.ToString().ToLowerInvariant());
            writer.WriteBoolean("crowd", item.Annotation.IsCrowd);
            WriteBox(writer, CocoBox.From(item.Annotation.Box));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("issues");
        if (evaluated.Errors is { } errors)
        {
            foreach (LabelIssue issue in errors.Issues.Where(issue => evaluated.ById[issue.ImageId].Index == image))
            {
                WriteIssue(writer, errors, issue);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes a box as x1, y1, x2, y2.</summary>
    public static void WriteBox(Utf8JsonWriter writer, CocoBox box)
    {
        writer.WriteStartArray("box");
        foreach (double edge in (double[])[box.X, box.Y, box.X + box.Width, box.Y + box.Height])
        {
            writer.WriteNumberValue((float)edge);
        }

        writer.WriteEndArray();
    }

    private static void WriteIssue(Utf8JsonWriter writer, ErrorIndex errors, LabelIssue issue)
    {
        CocoResult detected = errors.Matched.Results[issue.Detection];
        writer.WriteStartObject();
        writer.WriteString("kind", AnalysisJson.NameOf(issue.Kind));
        writer.WriteString("text", issue.Reason);
        writer.WriteString("class", errors.GetClassName(detected.CategoryId));
        WriteBox(writer, detected.Box);
        if (issue.Truth >= 0)
        {
            CocoAnnotation label = errors.Matched.Truth[issue.Truth];
            writer.WriteStartObject("label");
            writer.WriteString("class", errors.GetClassName(label.CategoryId));
            WriteBox(writer, label.Box);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
