using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Reading.Shapes;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats.FiftyOne;

/// <summary>FiftyOne: <c>samples.json</c> of a data set, or <c>labels.json</c> of its export of detections.</summary>
internal sealed class FiftyOneFormat : ReadOnlyFormat
{
    private static readonly string[] Preferred = ["ground_truth", "detections", "annotations", "labels"];

    public override string Name => "fiftyone";

    public override string DisplayName => "FiftyOne";

    public override string SearchDescription => "a FiftyOne samples.json with 'samples', or labels.json with 'classes' and 'labels', beside data/";

    public override RawDataset? TryRead(DatasetSource source)
    {
        string[] files = [.. source.GetJsonFiles(IsFiftyOne).Where(file => source.GetSignature(file) is { } signature && IsFiftyOne(signature))];
        if (files.Length == 0)
        {
            return null;
        }

        DatasetCollector collector = new(source, new RawDataset(source.Folder) { PlaceLabel = "detection", IsNormalized = true, BoxLayout = BoxLayout.CornerAndSize });
        foreach (string file in files)
        {
            _ = collector.TryRead(file, "FiftyOne JSON", () =>
            {
                List<string?> classes = [];
                JsonElements.ReadObject(file, collector, ["samples", "labels"], (name, key, value) =>
                {
                    switch (name)
                    {
                        case "classes":
                            classes = [.. value.Items.Select(item => item.Text)];
                            collector.Classes.Declare(classes);
                            break;
                        case "labels" when key is not null:
                            AddImage(file, key, value, classes, collector);
                            break;
                        case "samples":
                            AddSample(file, value, collector);
                            break;
                    }
                });
            });
        }

        return collector.Complete();
    }

    private static bool IsFiftyOne(JsonSignature signature) => signature is { IsArray: false }
        && (signature.Has("samples") || (signature.Has("classes", "labels") && !signature.Has("images")));

    private static void AddImage(string file, string stem, JsonTree detections, List<string?> classes, DatasetCollector collector)
    {
        if (collector.AddImage(file, stem, byStem: true) is { } image)
        {
            for (int i = 0; i < detections.Items.Count; i++)
            {
                JsonTree label = detections[i]["label"];
                string? className = !label.IsString && label.Number is >= 0 and var index && index < classes.Count ? classes[(int)index] : label.Text;
                AddDetection(detections[i], className, i, image, collector);
            }
        }
    }

    private static void AddSample(string file, JsonTree sample, DatasetCollector collector)
    {
        DatasetSplit split = sample["tags"].Items.Select(tag => SplitNames.FromName(tag.Text ?? "")).FirstOrDefault(found => found != DatasetSplit.Unassigned);
        JsonTree metadata = sample["metadata"];
        ImageSize? size = ImageSize.From(metadata["width"].Number, metadata["height"].Number);
        if (collector.AddImage(file, sample["filepath"].Text, size, split == DatasetSplit.Unassigned ? null : split) is not { } image)
        {
            return;
        }

        // A sample may have several fields of labels, such as the predictions of a model.
        string? field = Preferred.FirstOrDefault(name => IsLabels(sample[name])) ?? sample.Members.Where(pair => IsLabels(pair.Value)).Select(pair => pair.Key).FirstOrDefault();
        JsonTree labels = field is null ? default : sample[field];
        for (int i = 0; i < labels["detections"].Items.Count; i++)
        {
            AddDetection(labels["detections"][i], labels["detections"][i]["label"].Text, i, image, collector);
        }

        for (int i = 0; i < labels["polylines"].Items.Count; i++)
        {
            AddPolyline(labels["polylines"][i], i, image, collector);
        }
    }

    private static bool IsLabels(JsonTree value) => value["_cls"].Text is "Detections" or "Polylines";

    private static void AddDetection(JsonTree item, string? className, int position, RawImage image, DatasetCollector collector)
    {
        JsonTree at = item["bounding_box"];
        (double x, double y) = (at[0].Number, at[1].Number);
        collector.AddBox(
            image,
            className,
            (x, y, x + at[2].Number, y + at[3].Number),
            position,
            isCrowd: item["iscrowd"].IsTrue || item["attributes"]["iscrowd"]["value"].IsTrue);
    }

    private static void AddPolyline(JsonTree item, int position, RawImage image, DatasetCollector collector)
    {
        if (!item["closed"].IsTrue && !item["filled"].IsTrue)
        {
            collector.Raw.Shapes.AddSkipped("open lines", image.File, image.FileName, position);
            return;
        }

        EnclosingBox box = new();
        foreach (JsonTree point in item["points"].Items.SelectMany(ring => ring.Items))
        {
            box.Add(point[0].Number, point[1].Number);
        }

        collector.AddShape(image, item["label"].Text, box, position, "polygons");
    }
}
