using System.Text.Json;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Writing;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.CreateMl;

/// <summary>Apple's Create ML: a list of images with boxes as center and size in pixels. Roboflow writes one file per split.</summary>
internal sealed class CreateMlFormat : IDatasetFormat
{
    private const string FileName = "_annotations.createml.json";

    public string Name => "createml";

    public string DisplayName => "Create ML";

    public string SearchDescription => "a .json list of images with 'annotations' of 'label' and 'coordinates', such as _annotations.createml.json";

    public DatasetFeatures Features => DatasetFeatures.None;

    public string GetImageFolder(DatasetSplit split) => SplitNames.GetName(split);

    public RawDataset? TryRead(DatasetSource source)
    {
        IReadOnlyList<string> files = source.GetJsonFiles(IsCreateMl);
        if (files.Count == 0)
        {
            return null;
        }

        DatasetCollector collector = new(source, new RawDataset(source.Folder) { PlaceLabel = "annotation", BoxLayout = BoxLayout.CenterAndSize });
        ClassList.Read(source, collector);
        NoteCollector notes = new(DatasetProblemKind.NonStandard);
        foreach (string file in files.Where(file => source.GetSignature(file) is { } signature && IsCreateMl(signature)))
        {
            _ = collector.TryRead(file, "Create ML JSON", () => JsonElements.ReadArray(file, collector, entry => ReadImage(entry, file, collector, notes)));
        }

        notes.Report(collector.Raw.Log);
        return collector.Complete();
    }

    /// <summary>Writes one file per split beside its images, and a list of the classes, which the format itself does not have.</summary>
    public string Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder)
    {
        foreach (IGrouping<DatasetSplit, OutputImage> split in images.GroupBy(image => image.Source.Split))
        {
            AtomicFile.Write(Path.Combine(folder, GetImageFolder(split.Key), FileName), stream => Write(dataset, split, stream));
        }

        ClassList.Write(dataset, folder);

        return folder;
    }

    private static bool IsCreateMl(JsonSignature signature) => signature is { IsArray: true }
        && (signature.Has("image", "annotations") || signature.Has("imagefilename", "annotation") || signature.Has("imagefilename", "annotations"))
        && !signature.Has("data");

    private static void ReadImage(JsonTree entry, string file, DatasetCollector collector, NoteCollector notes)
    {
        if (collector.AddImage(file, entry["image"].Text ?? entry["imagefilename"].Text) is not { } image)
        {
            return;
        }

        JsonTree annotations = entry["annotations"].IsArray ? entry["annotations"] : entry["annotation"];
        for (int i = 0; i < annotations.Items.Count; i++)
        {
            CreateMlCoordinates stated = CreateMlCoordinates.Read(annotations[i], entry);
            if (stated.FindUnknown() is { } unknown)
            {
                collector.Report(
                    DatasetProblemKind.UnreadableAnnotation, file, $"'{ProblemLog.Sanitize(unknown)}' is not a known origin, anchor or unit of coordinates, skipped",
                    "write the center of the box in pixels", image.FileName, i);
            }
            else if (stated.GetCorners(annotations[i]["coordinates"], image) is { } corners)
            {
                if (stated.IsStated)
                {
                    notes.Add(
                        $"coordinates are read by Apple's terms: origin in the image {stated.Origin}, anchor in the box {stated.Anchor}, units {stated.Units}",
                        "check the boxes", collector.Show(file), $"'{image.FileName}'");
                }

                collector.AddBox(image, annotations[i]["label"].Text, corners, i);
            }
            else
            {
                collector.Report(
                    DatasetProblemKind.UnreadableAnnotation, file, "the coordinates depend on the image's size, and the image cannot be read, skipped",
                    "add the image", image.FileName, i);
            }
        }
    }

    private static void Write(DetectionDataset dataset, IEnumerable<OutputImage> images, Stream stream)
    {
        using Utf8JsonWriter json = new(stream, JsonOutput.Indented);
        json.WriteStartArray();
        foreach (OutputImage image in images)
        {
            json.WriteStartObject();
            json.WriteString("image", image.Name);
            json.WriteStartArray("annotations");
            foreach (ObjectAnnotation item in image.Source.Objects)
            {
                json.WriteStartObject();
                json.WriteString("label", dataset.Classes[item.Label]);
                json.WriteStartObject("coordinates");
                json.WriteNumber("x", JsonOutput.Round(((double)item.Box.X1 + item.Box.X2) / 2));
                json.WriteNumber("y", JsonOutput.Round(((double)item.Box.Y1 + item.Box.Y2) / 2));
                json.WriteNumber("width", JsonOutput.Round((double)item.Box.X2 - item.Box.X1));
                json.WriteNumber("height", JsonOutput.Round((double)item.Box.Y2 - item.Box.Y1));
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
