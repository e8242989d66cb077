using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Writing;

namespace FocalSharp.Datasets.Formats.LabelMe;

/// <summary>LabelMe's JSON, one file per image; AnyLabeling and X-AnyLabeling write it too.</summary>
internal sealed class LabelMeFormat : IDatasetFormat
{
    public string Name => "labelme";

    public string DisplayName => "LabelMe";

    public string SearchDescription => ".json files with 'shapes' and 'imagePath', one per image";

    public DatasetFeatures Features => DatasetFeatures.Difficult | DatasetFeatures.ImageSizes;

    public RawDataset? TryRead(DatasetSource source) => LabelMeReader.TryRead(source);

    public string GetImageFolder(DatasetSplit split) => SplitNames.GetName(split);

    public string Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder) => LabelMeWriter.Write(dataset, images, folder);
}
