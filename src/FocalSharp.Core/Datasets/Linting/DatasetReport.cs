using System.Text.Json;
using System.Text.Json.Serialization;
using FocalSharp.Datasets.Linting.Advice;

namespace FocalSharp.Datasets.Linting;

/// <summary>The result of <see cref="DatasetCheck"/>. <see cref="ToJson"/> also contains counts by split and class, box sizes and reach.</summary>
public sealed record DatasetReport
{
    internal DatasetReport(IReadOnlyList<SplitCount> splits, IReadOnlyList<ClassCount> classes, BoxSizes sizes, RegMaxReport regMaxReport) =>
        (Splits, Classes, Sizes, RegMaxReport) = (splits, classes, sizes, regMaxReport);

    /// <summary>Gets the data set's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the number of images.</summary>
    public required int Images { get; init; }

    /// <summary>Gets the number of objects.</summary>
    public required int Objects { get; init; }

    /// <summary>Gets the number of crowd objects.</summary>
    public required int CrowdObjects { get; init; }

    /// <summary>Gets the number of objects marked as difficult.</summary>
    public required int DifficultObjects { get; init; }

    /// <summary>Gets the counts of each split that has images.</summary>
    [JsonInclude]
    internal IReadOnlyList<SplitCount> Splits { get; }

    /// <summary>Gets the counts of each class, in label order.</summary>
    [JsonInclude]
    internal IReadOnlyList<ClassCount> Classes { get; }

    /// <summary>Gets the sizes of the boxes.</summary>
    [JsonInclude]
    internal BoxSizes Sizes { get; }

    /// <summary>Gets whether the head can represent the boxes.</summary>
    [JsonInclude]
    internal RegMaxReport RegMaxReport { get; }

    /// <summary>Gets the number of problems by kind.</summary>
    public required IReadOnlyDictionary<DatasetProblemKind, int> ProblemCounts { get; init; }

    /// <summary>Gets the problems.</summary>
    public required IReadOnlyList<DatasetProblem> Problems { get; init; }

    /// <summary>Gets the findings of the linter, most severe first.</summary>
    public IReadOnlyList<LintFinding> Findings { get; init; } = [];

    /// <summary>Gets the recommended settings for the data set.</summary>
    public RecommendedSettings? RecommendedSettings { get; init; }

    /// <summary>Gets the number of images that EXIF rotates or mirrors; sizes refer to the displayed image.</summary>
    public int ExifRotatedImages { get; init; }

    /// <summary>Returns the report as JSON, with camelCase keys and enums by name.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DatasetReportJson.Default.DatasetReport);
}

/// <summary>The counts of a split.</summary>
/// <param name="Split">The split.</param>
/// <param name="Images">Number of images.</param>
/// <param name="Background">Number of images without objects.</param>
/// <param name="Objects">Number of objects.</param>
internal sealed record SplitCount(DatasetSplit Split, int Images, int Background, int Objects);

/// <summary>The counts of a class.</summary>
/// <param name="Name">The class name.</param>
/// <param name="Objects">Number of objects.</param>
/// <param name="Images">Number of images with at least one object of the class.</param>
/// <param name="Share">The class's fraction of all objects, between 0 and 1.</param>
/// <param name="BySplit">Number of objects in each split that has images.</param>
internal sealed record ClassCount(
    string Name, int Objects, int Images, double Share, IReadOnlyDictionary<DatasetSplit, int> BySplit);
