using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Writing;

namespace FocalSharp.Datasets.Formats.LabelStudio;

/// <summary>
/// Label Studio's JSON and JSON-MIN. It is written as tasks with predictions, which Label Studio imports as pre-annotations.
/// </summary>
internal sealed class LabelStudioFormat : IDatasetFormat
{
    public string Name => "labelstudio";

    public string DisplayName => "Label Studio";

    public string SearchDescription => "a Label Studio .json list of tasks with 'data' and 'annotations' or 'predictions', or its JSON-MIN";

    public DatasetFeatures Features => DatasetFeatures.ImageSizes;

    public RawDataset? TryRead(DatasetSource source) => LabelStudioReader.TryRead(source);

    public string GetImageFolder(DatasetSplit split) => $"images/{SplitNames.GetName(split)}";

    public string Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder) => LabelStudioWriter.Write(dataset, images, folder);
}
