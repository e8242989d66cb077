using FocalSharp.Cli.Terminal;
using FocalSharp.Training.Export;

namespace FocalSharp.Cli.Verbs;

/// <summary>What <c>export</c> writes for programs.</summary>
internal static class ExportJson
{
    public static string Of(string file, OnnxCheckReport report) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("file", file);
        writer.WriteNumber("bytes", new FileInfo(file).Length);
        writer.WriteNumber("pictures", report.Pictures);
        writer.WriteNumber("compared", report.Compared);
        writer.WriteNumber("excused", report.Excused);
        writer.WriteNumber("largest_box_difference", report.Box);
        writer.WriteNumber("largest_score_difference", report.Score);
        writer.WriteEndObject();
    });

    public static string Of(string file, Int8Report report) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("file", file);
        writer.WriteNumber("calibrated", report.Calibrated);
        writer.WriteNumber("judged", report.Judged);
        Write("float32", report.Float32);
        Write("int8", report.Int8);
        writer.WriteEndObject();

        void Write(string name, OnnxScores scores)
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
