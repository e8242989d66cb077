using System.Text.Json;
using FocalSharp.Datasets.Linting.Advice;

namespace FocalSharp.Datasets.Linting;

/// <summary>The result of <see cref="DatasetCheck"/>.</summary>
/// <param name="Name">The data set's name.</param>
/// <param name="Images">Number of images.</param>
/// <param name="Objects">Number of objects.</param>
/// <param name="CrowdObjects">Number of crowd objects.</param>
/// <param name="DifficultObjects">Number of objects marked as difficult.</param>
/// <param name="Splits">The counts of each split that has images.</param>
/// <param name="Classes">The counts of each class, in label order.</param>
/// <param name="Sizes">The sizes of the boxes.</param>
/// <param name="RegMaxReport">Whether the head can represent the boxes.</param>
/// <param name="ProblemCounts">Number of problems by kind.</param>
/// <param name="Problems">The problems.</param>
public sealed record DatasetReport(
    string Name,
    int Images,
    int Objects,
    int CrowdObjects,
    int DifficultObjects,
    IReadOnlyList<SplitCount> Splits,
    IReadOnlyList<ClassCount> Classes,
    BoxSizes Sizes,
    RegMaxReport RegMaxReport,
    IReadOnlyDictionary<DatasetProblemKind, int> ProblemCounts,
    IReadOnlyList<DatasetProblem> Problems)
{
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
public sealed record SplitCount(DatasetSplit Split, int Images, int Background, int Objects);

/// <summary>The counts of a class.</summary>
/// <param name="Name">The class name.</param>
/// <param name="Objects">Number of objects.</param>
/// <param name="Images">Number of images with at least one object of the class.</param>
/// <param name="Share">The class's fraction of all objects, between 0 and 1.</param>
/// <param name="BySplit">Number of objects in each split that has images.</param>
public sealed record ClassCount(
    string Name, int Objects, int Images, double Share, IReadOnlyDictionary<DatasetSplit, int> BySplit);
