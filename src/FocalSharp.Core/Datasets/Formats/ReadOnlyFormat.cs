using FocalSharp.Datasets.Reading;
using FocalSharp.Datasets.Writing;

namespace FocalSharp.Datasets.Formats;

/// <summary>A format that is read, but not written.</summary>
internal abstract class ReadOnlyFormat : IDatasetFormat
{
    public abstract string Name { get; }

    public abstract string DisplayName { get; }

    public abstract string SearchDescription { get; }

    public DatasetFeatures Features => DatasetFeatures.None;

    public bool IsReadOnly => true;

    public abstract RawDataset? TryRead(DatasetSource source);

    public virtual RawDataset? TryReadUndeclared(DatasetSource source) => null;

    public string GetImageFolder(DatasetSplit split) => throw new NotSupportedException($"{DisplayName} is only read.");

    public string Write(DetectionDataset dataset, IReadOnlyList<OutputImage> images, string folder) =>
        throw new NotSupportedException($"{DisplayName} is only read.");
}
