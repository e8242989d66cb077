using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.Supervisely;

/// <summary>A Supervisely project: <c>meta.json</c> with the classes, and folders with <c>ann/</c> and <c>img/</c>.</summary>
internal sealed class SuperviselyFormat : ReadOnlyFormat
{
    public override string Name => "supervisely";

    public override string DisplayName => "Supervisely";

    public override string SearchDescription => "a Supervisely project: meta.json with 'classes', and folders with ann/*.json and img/";

    public override RawDataset? TryRead(DatasetSource source)
    {
        if (source.IsFile)
        {
            return null;
        }

        IReadOnlyList<string> files = source.GetJsonFiles(IsAnnotation);
        if (files.Count == 0)
        {
            return null;
        }

        DatasetCollector collector = new(source, new RawDataset(source.Folder) { PlaceLabel = "object" });
        foreach (string meta in files.Where(file => Path.GetFileName(file) == "meta.json"))
        {
            _ = collector.TryRead(meta, "Supervisely JSON", () => JsonElements.ReadArray(meta, collector, root =>
                collector.Classes.Declare(root["classes"].Items.Select(item => item["title"].Text))));
        }

        foreach (string file in files.Where(file => Path.GetFileName(Path.GetDirectoryName(file)) == "ann"))
        {
            _ = collector.TryRead(file, "Supervisely JSON", () => JsonElements.ReadArray(file, collector, root => ReadImage(root, file, collector)));
        }

        return collector.Complete();
    }

    private static bool IsAnnotation(JsonSignature signature) => signature is { IsArray: false } && signature.Has("objects", "size");

    // a.png.json belongs to a.png; projects of the first versions write a.json.
    private static void ReadImage(JsonTree root, string file, DatasetCollector collector)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        ImageSize? size = ImageSize.From(root["size"]["width"].Number, root["size"]["height"].Number);
        string images = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(file))!, "img", "x");
        bool byStem = !ImageFiles.HasImageExtension(Path.GetExtension(name));
        if (collector.AddImage(images, name, size, GetSplit(root, file, collector), byStem: byStem) is not { } image)
        {
            return;
        }

        for (int i = 0; i < root["objects"].Items.Count; i++)
        {
            SuperviselyShapes.Add(root["objects"][i], i, image, collector);
        }
    }

    // Data sets of a project are named by the user; a split may be a tag of the image instead.
    private static DatasetSplit GetSplit(JsonTree root, string file, DatasetCollector collector)
    {
        DatasetSplit tagged = root["tags"].Items.Select(tag => SplitNames.FromName(tag["name"].Text ?? "")).FirstOrDefault(split => split != DatasetSplit.Unassigned);
        return tagged != DatasetSplit.Unassigned ? tagged : collector.GetSplit(Path.Combine(Path.GetDirectoryName(file)!, "x"));
    }
}
