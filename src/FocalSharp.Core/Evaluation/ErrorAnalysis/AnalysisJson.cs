using System.Globalization;
using System.Text.Json;
using FocalSharp.Evaluation.Coco;
using FocalSharp.IO;

namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>Writes a <see cref="DetectionAnalysis"/> as a JSON object, as described in docs/evaluation.md; undefined values are null.</summary>
internal static class AnalysisJson
{
    private const int MaxPoints = 100;
    private const int MaxImages = 50;

    /// <summary>Gets the names of the error kinds in files, in the order of <see cref="ErrorBreakdown.Kinds"/>.</summary>
    public static string NameOf(ErrorKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>Returns the words for errors of a kind in a sentence.</summary>
    public static string Describe(ErrorKind kind) => kind == ErrorKind.Missed ? "missed objects" : $"{NameOf(kind)} errors";

    /// <summary>Returns the name of a kind of label issue in files.</summary>
    public static string NameOf(LabelIssueKind kind) => kind switch
    {
        LabelIssueKind.MissingLabel => "missing_label",
        LabelIssueKind.WrongClass => "wrong_class",
        _ => "bad_box",
    };

    /// <summary>Writes the object.</summary>
    public static void Write(Utf8JsonWriter writer, DetectionAnalysis analysis)
    {
        writer.WriteStartObject();
        writer.WriteNumber("iou", DetectionAnalysis.Iou);
        writer.WriteNumber("threshold", analysis.Threshold);
        writer.WriteStartArray("curves");
        foreach (PrecisionRecallCurve curve in analysis.ByClass.Prepend(analysis.Pooled))
        {
            WriteCurve(writer, curve);
        }

        writer.WriteEndArray();
        WriteErrors(writer, analysis);
        WriteConfusion(writer, analysis.Confusion);
        WriteImages(writer, analysis);
        WriteLabelIssues(writer, analysis);
        writer.WriteEndObject();
    }

    private static void WriteCurve(Utf8JsonWriter writer, PrecisionRecallCurve curve)
    {
        writer.WriteStartObject();
        writer.WriteString("name", curve.Name);
        writer.WriteNumber("objects", curve.TruthCount);
        writer.WriteFinite("best_threshold", curve.BestThreshold);
        writer.WriteFinite("best_f1", curve.BestIndex < 0 ? null : curve.BestF1);
        writer.WriteFinite("precision_at_best", curve.BestIndex < 0 ? null : curve.Precision[curve.BestIndex]);
        writer.WriteFinite("recall_at_best", curve.BestIndex < 0 ? null : curve.Recall[curve.BestIndex]);
        int[] points = curve.Downsample(MaxPoints);
        WriteNumbers(writer, "threshold", points.Select(i => curve.Scores[i]));
        WriteNumbers(writer, "precision", points.Select(i => curve.Precision[i]));
        WriteNumbers(writer, "recall", points.Select(i => curve.Recall[i]));
        WriteNumbers(writer, "f1", points.Select(i => curve.F1[i]));
        writer.WriteEndObject();
    }

    private static void WriteErrors(Utf8JsonWriter writer, DetectionAnalysis analysis)
    {
        writer.WriteStartArray("errors");
        foreach (ErrorKind kind in ErrorBreakdown.Kinds)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", NameOf(kind));
            writer.WriteNumber("count_at_threshold", analysis.Images.Sum(image => image[kind]));
            writer.WriteNumber("count", analysis.LooseErrors[kind].Count);
            writer.WriteNumber("lost_AP", analysis.Errors[kind].LostAP);
            writer.WriteNumber("lost_AP50", analysis.LooseErrors[kind].LostAP);
            writer.WriteNumber("lost_AP75", analysis.StrictErrors[kind].LostAP);
            writer.WriteStartArray("lost_by_class");
            for (int k = 0; k < analysis.Metrics.PerClass.Count; k++)
            {
                writer.WriteStartObject();
                writer.WriteString("name", analysis.Metrics.PerClass[k].Name);
                bool isKnown = analysis.ByClass[k].TruthCount > 0;
                writer.WriteFinite("lost_AP", isKnown ? analysis.Errors[kind].LostByClass[k] : null);
                writer.WriteFinite("lost_AP50", isKnown ? analysis.LooseErrors[kind].LostByClass[k] : null);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteConfusion(Utf8JsonWriter writer, ConfusionMatrix confusion)
    {
        writer.WriteStartObject("confusion");
        writer.WriteNumber("iou", confusion.Iou);
        writer.WriteFinite("threshold", confusion.MinScore);
        writer.WriteStartArray("classes");
        foreach (string name in confusion.Classes)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("annotated_by_detected");
        for (int row = 0; row <= confusion.BackgroundIndex; row++)
        {
            writer.WriteRawValue(FormatLine(Enumerable.Range(0, confusion.BackgroundIndex + 1).Select(column => (double)confusion[row, column])));
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteImages(Utf8JsonWriter writer, DetectionAnalysis analysis)
    {
        writer.WriteStartArray("worst_images");
        foreach (ImageErrors image in analysis.Images.Where(image => image.Total > 0).Take(MaxImages))
        {
            writer.WriteStartObject();
            WriteImage(writer, analysis, image.ImageId);
            writer.WriteNumber("objects", image.Objects);
            writer.WriteNumber("found", image.Found);
            foreach (ErrorKind kind in ErrorBreakdown.Kinds)
            {
                writer.WriteNumber(NameOf(kind), image[kind]);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteLabelIssues(Utf8JsonWriter writer, DetectionAnalysis analysis)
    {
        (CocoGroundTruth truth, CocoResults results) = (analysis.Matched.Truth, analysis.Matched.Results);
        writer.WriteStartArray("label_suspects");
        foreach (LabelIssue issue in analysis.Issues)
        {
            CocoResult detected = results[issue.Detection];
            writer.WriteStartObject();
            writer.WriteString("kind", NameOf(issue.Kind));
            WriteImage(writer, analysis, issue.ImageId);
            writer.WriteString("reason", issue.Reason);
            writer.WriteNumber("category_id", detected.CategoryId);
            writer.WriteNumber("score", detected.Score);
            WriteBox(writer, "bbox", detected.Box);
            if (issue.Truth >= 0)
            {
                CocoAnnotation label = truth[issue.Truth];
                writer.WriteNumber("annotation_id", label.Id);
                writer.WriteNumber("annotated_category_id", label.CategoryId);
                WriteBox(writer, "annotated_bbox", label.Box);
                writer.WriteNumber("iou", issue.Iou);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteImage(Utf8JsonWriter writer, DetectionAnalysis analysis, long id)
    {
        writer.WriteNumber("image_id", id);
        writer.WriteString("file", analysis.ImagesById.GetValueOrDefault(id)?.FileName);
    }

    private static void WriteBox(Utf8JsonWriter writer, string name, CocoBox box) => WriteNumbers(writer, name, [box.X, box.Y, box.Width, box.Height]);

    private static void WriteNumbers(Utf8JsonWriter writer, string name, IEnumerable<double> values)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(FormatLine(values));
    }

    // On one line; an indented file would use one line per number.
    private static string FormatLine(IEnumerable<double> values) =>
        $"[{string.Join(',', values.Select(value => Math.Round(value, 6).ToString("R", CultureInfo.InvariantCulture)))}]";
}
