using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Writing;

namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>COCO JSON.</summary>
internal sealed class CocoFormat : IDatasetFormat
{
    public string Name => "coco";

    public string DisplayName => "COCO";

    public string SearchDescription =>
        "a .json file, annotations/*.json, or _annotations.coco.json in train/, valid/, test/, with 'images', 'annotations' and 'categories'";

    public DatasetFeatures Features => DatasetFeatures.All;

    public bool IdentifiesClassesByName => false;

    public RawDataset? TryRead(DatasetSource source) => CocoReader.TryRead(source);

    public string GetImageFolder(DatasetSplit split) => $"images/{SplitNames.GetName(split)}";

    public string Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder) => CocoWriter.Write(dataset, images, folder);
}
