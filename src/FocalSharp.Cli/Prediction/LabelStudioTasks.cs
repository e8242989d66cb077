using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Formats.LabelStudio;
using FocalSharp.IO;

namespace FocalSharp.Cli.Prediction;

/// <summary>Writes detections as Label Studio tasks, in which they are pre-annotations.</summary>
internal static class LabelStudioTasks
{
    /// <summary>Returns one task per image. Paths are relative to the current folder, which Label Studio has to serve.</summary>
    public static string Create(IReadOnlyList<PredictedImage> images, IReadOnlyList<string> classes) => JsonText.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (PredictedImage image in images)
        {
            LabelStudioTask.Write(
                writer,
                GetServedPath(image.File),
                DatasetSplit.Unassigned,
                new ImageSize(image.Width, image.Height),
                [.. image.Detections.Select(detection => (classes[detection.Label], detection.Box, (double?)detection.Score))]);
        }

        writer.WriteEndArray();
    });

    /// <summary>Writes the labeling configuration beside the tasks, because a project needs it before they can be imported.</summary>
    public static void WriteConfig(string tasks, IReadOnlyList<string> classes, ConsoleUi ui)
    {
        string path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(tasks))!, LabelStudioConfig.FileName);
        AtomicFile.WriteText(path, LabelStudioConfig.Create(classes));
        ui.Dim($"Labeling configuration: {path}");
        ui.Dim("Start Label Studio with LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED=true and LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT set to this folder.");
    }

    private static string GetServedPath(string file)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, file).Replace('\\', '/');
        return relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? Path.GetFileName(file) : relative;
    }
}
