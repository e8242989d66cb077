using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Writing;

namespace FocalSharp.Datasets.Formats.Cvat;

/// <summary>CVAT's own XML: for images, with the shapes of each image, and for videos, with tracks over frames.</summary>
internal sealed class CvatFormat : IDatasetFormat
{
    public string Name => "cvat";

    public string DisplayName => "CVAT";

    public string SearchDescription => "an .xml file with 'annotations' as its root, and with 'image' or 'track' elements";

    public DatasetFeatures Features => DatasetFeatures.ImageSizes;

    public RawDataset? TryRead(DatasetSource source) => CvatReader.TryRead(source);

    public string GetImageFolder(DatasetSplit split) => $"images/{SplitNames.GetName(split)}";

    public string Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder) => CvatWriter.Write(dataset, images, folder);
}
