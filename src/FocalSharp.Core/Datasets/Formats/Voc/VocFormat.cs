using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Writing;

namespace FocalSharp.Datasets.Formats.Voc;

/// <summary>Pascal VOC XML.</summary>
internal sealed class VocFormat : IDatasetFormat
{
    public string Name => "voc";

    public string DisplayName => "VOC";

    public string SearchDescription =>
        "Annotations/*.xml with JPEGImages/, or *.xml beside the images or in a folder beside theirs, here or in train/, valid/, test/, or VOCdevkit/VOC2007/ and other years";

    public DatasetFeatures Features => DatasetFeatures.Difficult | DatasetFeatures.ImageSizes;

    public bool UsesFlatImageNames => true;

    public RawDataset? TryRead(DatasetSource source) => VocReader.TryRead(source);

    public RawDataset? TryReadUndeclared(DatasetSource source) => VocReader.TryReadNested(source);

    public string GetImageFolder(DatasetSplit split) => "JPEGImages";

    public string Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder) => VocWriter.Write(dataset, images, folder);
}
