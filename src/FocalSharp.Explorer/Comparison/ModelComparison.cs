using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.Explorer.Datasets;
using FocalSharp.Explorer.Datasets.Filtering;

namespace FocalSharp.Explorer.Comparison;

/// <summary>Two models on one data set.</summary>
/// <param name="Evaluated">The images.</param>
/// <param name="Values">The differences.</param>
/// <param name="Images">The images with objects, those on which the models differ most first.</param>
internal sealed record ModelComparison(EvaluatedDataset Evaluated, DetectorComparison Values, IReadOnlyList<ComparedImage> Images)
{
    /// <summary>Returns the exception for a model without saved detections.</summary>
    public static DatasetException CreateMissing(string model, Exception? cause = null) =>
        new($"{model}: there are no saved detections, so AP cannot be compared; single images can.", cause!);

    /// <summary>Compares the saved detections of two models.</summary>
    /// <exception cref="DatasetException">One has none, or they are of other images.</exception>
    public static ModelComparison Create(EvaluatedDataset first, EvaluatedDataset second, string firstName, string secondName)
    {
        if (first.Errors is not { } one || second.Results is not { } results)
        {
            throw CreateMissing(first.Errors is null ? firstName : secondName);
        }

        if (!first.Images.Select(image => image.Image.FileName).SequenceEqual(second.Images.Select(image => image.Image.FileName)) || !first.Dataset.Classes.SequenceEqual(second.Dataset.Classes))
        {
            throw new DatasetException($"{firstName} and {secondName} were evaluated on different images or classes, so AP cannot be compared; single images can.");
        }

        // Both against the labels of the first.
        ErrorIndex other = ReferenceEquals(first, second) ? one : ErrorIndex.Create(first.Dataset, results);
        DetectorComparison values = DetectorComparison.Create(one.Matched, other.Matched);
        return new ModelComparison(first, values,
        [
            .. values.Objects.GroupBy(item => one.Matched.Truth[item.Position].ImageId)
                .Select(group => new ComparedImage(
                    first.ById[group.Key],
                    group.Count(item => item is { ByFirst: true, BySecond: false }),
                    group.Count(item => item is { ByFirst: false, BySecond: true }),
                    group.Count(item => item is { ByFirst: false, BySecond: false }),
                    group.Count(item => item is { ByFirst: true, BySecond: true })))
                .OrderByDescending(image => image.OnlyFirst + image.OnlySecond).ThenByDescending(image => image.Neither)
                .ThenBy(image => image.Image.Image.FileName, StringComparer.Ordinal),
        ]);
    }
}

/// <summary>The objects of an image by which model finds them.</summary>
/// <param name="Image">The image.</param>
/// <param name="OnlyFirst">The number that only the first model finds.</param>
/// <param name="OnlySecond">The number that only the second model finds.</param>
/// <param name="Neither">The number that neither finds.</param>
/// <param name="Both">The number that both find.</param>
internal sealed record ComparedImage(EvaluatedImage Image, int OnlyFirst, int OnlySecond, int Neither, int Both);
