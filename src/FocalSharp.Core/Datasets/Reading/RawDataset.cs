using FocalSharp.Datasets.Files;

namespace FocalSharp.Datasets.Reading;

/// <summary>What a format's reader hands on: everything that the files say, before images and boxes are judged.</summary>
/// <param name="Root">The folder that no path may leave.</param>
/// <param name="Classes">Class names.</param>
/// <param name="CategoryIds">COCO category ids, one a class.</param>
/// <param name="Images">Images in file order.</param>
/// <param name="Log">Faults found so far.</param>
/// <param name="Format">The format that was read.</param>
/// <param name="PlaceLabel">What <see cref="RawBox.Place"/> counts: "annotation" or "line".</param>
internal sealed record RawDataset(
    DatasetRoot Root,
    IReadOnlyList<string> Classes,
    IReadOnlyList<int> CategoryIds,
    List<RawImage> Images,
    ProblemLog Log,
    DatasetFormat Format,
    string PlaceLabel)
{
    /// <summary>What the linter will ask about.</summary>
    public ReadStatistics Statistics { get; } = new(Format);

    /// <summary>Image folders that were tried, for the message when no image is found.</summary>
    public List<string> SearchedImageFolders { get; init; } = [];
}
