using FocalSharp.Datasets.Files;

namespace FocalSharp.Datasets.Reading;

/// <summary>What the files of a data set contain, as an <see cref="IDatasetFormat"/> reads it, before images and boxes are validated.</summary>
/// <param name="root">The data set's folder, which no image path may leave.</param>
public sealed class RawDataset(string root)
{
    /// <summary>Gets the data set's folder, which no image path may leave.</summary>
    public DatasetRoot Root { get; } = new(root);

    /// <summary>Gets or sets the class names.</summary>
    public IReadOnlyList<string> Classes { get; set; } = [];

    /// <summary>Gets or sets the category id of each class; empty for 1, 2, …</summary>
    public IReadOnlyList<int> CategoryIds { get; set; } = [];

    /// <summary>Gets the images in file order.</summary>
    public IList<RawImage> Images { get; } = [];

    /// <summary>Gets the log of problems.</summary>
    public ProblemLog Log { get; } = new();

    /// <summary>Gets what <see cref="RawBox.Place"/> counts, for messages: "line" (default) or, for example, "annotation".</summary>
    public string PlaceLabel { get; init; } = "line";

    /// <summary>Gets whether coordinates are fractions of the image size, as in YOLO, rather than pixels (default).</summary>
    public bool IsNormalized { get; init; }

    /// <summary>
    /// Gets the meaning of the four numbers of a box in the files, so that the linter can detect boxes written in another layout; null
    /// (default) to skip that check.
    /// </summary>
    public BoxLayout? BoxLayout { get; init; }

    /// <summary>Gets whether the files count pixels from 1, the last one included, as VOC does; used by the linter's messages.</summary>
    public bool IsOneBased { get; init; }

    /// <summary>Gets the image folders that were searched, for the error that is thrown if no image is found.</summary>
    public IList<string> SearchedImageFolders { get; } = [];

    /// <summary>Gets the counts of shapes that are not upright boxes.</summary>
    internal Shapes.ShapeLog Shapes { get; } = new();

    /// <summary>Gets the splits that the data set names, but whose files do not exist, with what it names.</summary>
    internal List<(DatasetSplit Split, string Name)> MissingSplits { get; } = [];

    /// <summary>Gets counters for the linter.</summary>
    internal ReadStatistics Statistics => field ??= new(
        BoxLayout is { } layout ? new BoxLayoutHypothesis(layout, YFirst: false, IsNormalized) : null, IsOneBased);
}
