using System.Text.Json;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.LabelStudio;

/// <summary>Reads tasks: of several annotations of a task, the first that was not canceled; predictions where nothing was annotated.</summary>
internal static class LabelStudioReader
{
    private static readonly string[] ImageKeys = ["image", "img", "image_url", "url", "picture", "photo"];
    private static readonly string[] SplitKeys = ["split", "subset"];

    public static RawDataset? TryRead(DatasetSource source)
    {
        string[] files = [.. source.GetJsonFiles(MayBeLabelStudio).Where(file => IsLabelStudio(file, source))];
        if (files.Length == 0)
        {
            return null;
        }

        DatasetCollector collector = new(source, new RawDataset(source.Folder) { PlaceLabel = "region" });
        collector.Classes.Declare(LabelStudioConfig.TryRead(source.Folder));
        foreach (string file in files)
        {
            LabelStudioRegions regions = new(collector);
            _ = collector.TryRead(file, "Label Studio JSON", () => JsonElements.ReadArray(file, collector, task => ReadTask(task, file, collector, regions)));
            regions.Complete(file);
        }

        return collector.Complete();
    }

    private static bool IsLabelStudio(string file, DatasetSource source) =>
        source.GetSignature(file) is { } signature && (IsLabelStudio(signature) || (MayBeMinimal(signature) && HasMinimalRegion(file)));

    private static bool MayBeLabelStudio(JsonSignature signature) => IsLabelStudio(signature) || MayBeMinimal(signature);

    // JSON-MIN without the keys of annotators, as scripts write and users shorten it.
    private static bool MayBeMinimal(JsonSignature signature) => signature.IsArray && ImageKeys.Any(signature.Keys.Contains) && !signature.Has("annotations") && !signature.Has("bbox");

    // A task with a list of regions in percent: of the first ones, some may have none.
    private static bool HasMinimalRegion(string file)
    {
        const int MaxTasks = 1000;
        try
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
            JsonTokenStream json = new(stream);
            json.Next();
            json.Next();
            for (int i = 0; i < MaxTasks && json.Type == JsonTokenType.StartObject; i++, json.Next())
            {
                if (JsonTree.Read(ref json).Members.Values.Any(member => member.IsArray && LabelStudioRegions.IsMinimal(member[0])))
                {
                    return true;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or IOException or UnauthorizedAccessException or InvalidOperationException or FormatException)
        {
            // Not JSON after all, or broken before the first region.
        }

        return false;
    }

    private static bool IsLabelStudio(JsonSignature signature) =>
        (signature.Has("data") && (signature.Has("annotations") || signature.Has("predictions") || signature.Has("completions")))
        || (signature.IsArray && signature.Has("annotation_id", "annotator"))
        || (signature.IsArray && signature.Has("lead_time", "id") && ImageKeys.Any(signature.Keys.Contains));

    private static void ReadTask(JsonTree task, string file, DatasetCollector collector, LabelStudioRegions regions)
    {
        JsonTree data = task["data"].IsObject ? task["data"] : task;
        if (AddImage(task, data, file, collector) is not { } image)
        {
            return;
        }

        if (!task["data"].IsObject)
        {
            regions.AddMinimal(image, task);
            return;
        }

        JsonTree annotations = task["annotations"].IsArray ? task["annotations"] : task["completions"];
        JsonTree[] finished = [.. annotations.Items.Where(annotation => !annotation["was_cancelled"].IsTrue)];
        if (finished.Length > 0)
        {
            regions.Add(image, finished.FirstOrDefault(annotation => annotation["ground_truth"].IsTrue, finished[0])["result"], finished.Length);
        }
        else
        {
            regions.AddPredictions(image, task["predictions"][0]["result"]);
        }
    }

    // /data/upload/1/1a2b3c4d-a.png was uploaded as a.png; /data/local-files/?d=folder/a.png is below the folder that is served.
    private static RawImage? AddImage(JsonTree task, JsonTree data, string file, DatasetCollector collector)
    {
        string? address = ImageKeys.Select(key => data[key].Text).FirstOrDefault(text => text is not null)
            ?? data.Members.Values.Where(value => value.IsString).Select(value => value.Text!)
                .FirstOrDefault(text => ImageFiles.Extensions.Contains(Path.GetExtension(ImageLocator.GetPortableName(text)), StringComparer.OrdinalIgnoreCase))
            ?? task["file_upload"].Text;
        if (address is null)
        {
            return collector.AddImage(file, null);
        }

        int local = address.IndexOf("?d=", StringComparison.Ordinal);
        string name = local >= 0 ? Uri.UnescapeDataString(address[(local + 3)..]) : address;
        string bare = Path.GetFileName(ImageLocator.GetPortableName(name));
        int dash = bare.IndexOf('-', StringComparison.Ordinal);
        string uploaded = dash > 0 && bare[..dash].All(char.IsAsciiHexDigit) ? bare[(dash + 1)..] : bare;
        DatasetSplit split = SplitKeys.Select(key => SplitNames.FromName(data[key].Text ?? "")).FirstOrDefault(found => found != DatasetSplit.Unassigned);
        return collector.AddImage(file, name, split: split == DatasetSplit.Unassigned ? null : split, alternative: uploaded);
    }
}
