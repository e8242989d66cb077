using System.Text.Json;
using FocalSharp.Datasets.Writing;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.LabelStudio;

/// <summary>
/// Writes <c>tasks.json</c>, a task with one prediction per image, and <c>config.xml</c>, the labeling configuration of the project.
/// </summary>
internal static class LabelStudioWriter
{
    public static string Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder)
    {
        AtomicFile.WriteText(Path.Combine(folder, LabelStudioConfig.FileName), LabelStudioConfig.Create(dataset.Classes));
        string path = Path.Combine(folder, "tasks.json");
        AtomicFile.Write(path, stream => Write(dataset, images, stream));
        return path;
    }

    private static void Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, Stream stream)
    {
        using Utf8JsonWriter json = new(stream, JsonOutput.Indented);
        json.WriteStartArray();
        foreach (OutputImage image in images)
        {
            LabelStudioTask.Write(
                json,
                image.RelativePath,
                image.Source.Split,
                new ImageSize(image.Source.Width, image.Source.Height),
                [.. image.Source.Objects.Select(item => (dataset.Classes[item.Label], item.Box, (double?)null))]);
            if (json.BytesPending > 1 << 20)
            {
                json.Flush();
            }
        }

        json.WriteEndArray();
    }
}
