using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Writing;

namespace FocalSharp.Datasets.Formats.Yolo;

/// <summary>YOLO text labels, described by a <c>data.yaml</c> or recognized by their folders.</summary>
internal sealed class YoloFormat : IDatasetFormat
{
    public string Name => "yolo";

    public string DisplayName => "YOLO";

    public string SearchDescription =>
        "a data.yaml (or another .yaml) with 'names' and 'train', 'val' or 'test'; or images with .txt labels of numbers, in images/ and labels/, in a folder beside theirs, or side by side";

    public DatasetFeatures Features => DatasetFeatures.None;

    public bool IdentifiesClassesByName => false;

    public RawDataset? TryRead(DatasetSource source) => YoloReader.TryRead(source);

    public RawDataset? TryReadUndeclared(DatasetSource source) => YoloReader.TryReadFolder(source);

    public string GetImageFolder(DatasetSplit split) => $"images/{SplitNames.GetName(split)}";

    public string Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder) => YoloWriter.Write(dataset, images, folder, GetImageFolder);
}
