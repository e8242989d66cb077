using FocalSharp.Cli.Terminal;
using FocalSharp.Models.Export;

namespace FocalSharp.Cli.Verbs;

/// <summary>What <c>export</c> writes for programs.</summary>
internal static class ExportJson
{
    public static string Create(string file, OnnxVerificationReport report) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("file", file);
        writer.WriteNumber("bytes", new FileInfo(file).Length);
        writer.WriteNumber("pictures", report.ImageCount);
        writer.WriteNumber("compared", report.ComparedCount);
        writer.WriteNumber("excused", report.Tolerated);
        writer.WriteNumber("largest_box_difference", report.MaxBoxDifference);
        writer.WriteNumber("largest_score_difference", report.MaxScoreDifference);
        writer.WriteEndObject();
    });

    public static string Create(string file, Int8Report report) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("file", file);
        writer.WriteNumber("calibrated", report.CalibrationImageCount);
        writer.WriteNumber("judged", report.EvaluationImageCount);
        Write("float32", report.Float32);
        Write("int8", report.Int8);
        writer.WriteEndObject();

        void Write(string name, OnnxMetrics scores)
        {
            writer.WriteStartObject(name);
            writer.WriteNumber("AP", scores.AP);
            writer.WriteNumber("AP50", scores.AP50);
            writer.WriteNumber("milliseconds", scores.Milliseconds);
            writer.WriteNumber("bytes", scores.Bytes);
            writer.WriteEndObject();
        }
    });
}
