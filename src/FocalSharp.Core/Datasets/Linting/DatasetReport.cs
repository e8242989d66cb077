using System.Text.Json;
using FocalSharp.Datasets.Linting.Advice;

namespace FocalSharp.Datasets.Linting;

/// <summary>What <see cref="DatasetCheck"/> found out about a data set.</summary>
/// <param name="Name">The data set's name.</param>
/// <param name="Images">Number of images.</param>
/// <param name="Objects">Number of objects.</param>
/// <param name="CrowdObjects">Objects that are crowds.</param>
/// <param name="DifficultObjects">Objects marked as difficult.</param>
/// <param name="Splits">Counts of each split that has images.</param>
/// <param name="Classes">Counts of each class, in label order.</param>
/// <param name="Sizes">Sizes of boxes.</param>
/// <param name="RegMaxReport">Whether the head can express the boxes.</param>
/// <param name="ProblemCounts">Number of faults of each kind that occurs.</param>
/// <param name="Problems">The faults one by one.</param>
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
    /// <summary>What the linter found, worst first.</summary>
    public IReadOnlyList<LintFinding> Findings { get; init; } = [];

    /// <summary>The settings that suit the data set.</summary>
    public RecommendedSettings? RecommendedSettings { get; init; }

    /// <summary>Images that EXIF turns or mirrors; they count, and are decoded, as they are shown.</summary>
    public int ExifRotatedImages { get; init; }

    /// <summary>The report as JSON: camelCase keys, enums by name.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DatasetReportJson.Default.DatasetReport);
}

/// <summary>Counts of a split.</summary>
/// <param name="Split">The split.</param>
/// <param name="Images">Its images.</param>
/// <param name="Background">Its images without objects.</param>
/// <param name="Objects">Its objects.</param>
public sealed record SplitCount(DatasetSplit Split, int Images, int Background, int Objects);

/// <summary>Counts of a class.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Objects">Its objects.</param>
/// <param name="Images">Images with at least one.</param>
/// <param name="Share">Its share of all objects, 0 to 1.</param>
/// <param name="BySplit">Its objects in each split that has images.</param>
public sealed record ClassCount(
    string Name, int Objects, int Images, double Share, IReadOnlyDictionary<DatasetSplit, int> BySplit);
