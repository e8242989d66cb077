using System.Globalization;
using FocalSharp.Datasets;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Evaluation.ErrorAnalysis;
using Microsoft.AspNetCore.Http;

namespace FocalSharp.Explorer.Datasets.Filtering;

/// <summary>
/// What one number of a report counts: a class, a size, a kind of error, a cell of the confusion matrix or a kind of label issue. Finds its images, with
/// the boxes that are counted. The parameters of the query string are documented in docs/explorer.md.
/// </summary>
internal sealed record ImageFilter
{
    /// <summary>The value of <c>error</c> for all kinds.</summary>
    private const string AnyError = "any";

    private static readonly string[] Names = ["class", "size", "error", "annotated", "detected", "issue"];

    /// <summary>Gets the class of the object or, for errors of detections, of the detection; null for all.</summary>
    public string? Class { get; init; }

    /// <summary>Gets the range of object areas; null for all.</summary>
    public AreaRange? Size { get; init; }

    /// <summary>Gets the kind of error; null for all.</summary>
    public ErrorKind? Error { get; init; }

    /// <summary>Gets whether errors are counted, rather than objects.</summary>
    public bool HasErrors { get; init; }

    /// <summary>Gets the row of the confusion matrix: a class, empty for nothing annotated; null if no cell is named.</summary>
    public string? Annotated { get; init; }

    /// <summary>Gets the column of the confusion matrix: a class, empty for nothing detected; null if no cell is named.</summary>
    public string? Detected { get; init; }

    /// <summary>Gets the kind of label issue; null if none is named.</summary>
    public LabelIssueKind? Issue { get; init; }

    /// <summary>Gets what the filter counts, in words.</summary>
    public string Title { get; private init; } = "";

    private bool IsCell => Annotated is not null;

    /// <summary>Reads the parameters of a query string.</summary>
    /// <param name="query">The query string; other parameters are ignored.</param>
    /// <returns>The filter; null if the query string has none.</returns>
    /// <exception cref="OptionException">A value is unknown, or parameters do not go together.</exception>
    public static ImageFilter? Parse(IQueryCollection query)
    {
        if (!Names.Any(query.ContainsKey))
        {
            return null;
        }

        string? Get(string name) => query.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues value) ? value.ToString() : null;
        string? error = Get("error");
        ImageFilter filter = new()
        {
            Class = Get("class"),
            Size = Get("size") is { } size ? ParseSize(size) : null,
            HasErrors = error is not null && Get("annotated") is null,
            Error = error is null or AnyError ? null : ParseError(error),
            Annotated = Get("annotated"),
            Detected = Get("detected"),
            Issue = Get("issue") is { } issue ? ParseIssue(issue) : null,
        };
        if (filter.Annotated is null != filter.Detected is null)
        {
            throw new OptionException("A cell of the confusion matrix needs both parameters, annotated and detected; an empty one is nothing.");
        }

        int kinds = (filter.IsCell ? 1 : 0) + (filter.HasErrors ? 1 : 0) + (filter.Issue is null ? 0 : 1) + (filter.Size is null ? 0 : 1);
        if (kinds > 1 || (filter.Class is not null && (filter.IsCell || filter.Issue is not null)))
        {
            throw new OptionException("These filters do not go together: class with size or error, annotated with detected, or issue.");
        }

        return filter with { Title = filter.Describe() };
    }

    /// <summary>Finds the images, those with the most boxes first; label issues strongest first.</summary>
    /// <exception cref="FocalSharpException">The data set has no such class, or the run saved no detections and the filter needs them.</exception>
    public IReadOnlyList<FilteredImage> Find(EvaluatedDataset evaluated)
    {
        foreach (string name in new[] { Class, Annotated, Detected }.OfType<string>().Where(name => name.Length > 0 && !evaluated.Dataset.Classes.Contains(name)))
        {
            throw new DatasetException($"{evaluated.Dataset.Name}: has no class '{name}'.");
        }

        if (!IsCell && !HasErrors && Issue is null)
        {
            return Group(evaluated, FindObjects(evaluated), isOrdered: false);
        }

        ErrorIndex errors = evaluated.Errors ?? throw new DatasetException(
            $"{evaluated.Dataset.Name}: there are no saved detections for these images, so errors are not known. Evaluate the model on them first.");
        return Issue is not null ? Group(evaluated, FindIssues(errors), isOrdered: true)
            : IsCell ? Group(evaluated, FindCell(errors), isOrdered: false)
            : Group(evaluated, FindErrors(errors), isOrdered: false);
    }

    private static IReadOnlyList<FilteredImage> Group(EvaluatedDataset evaluated, IEnumerable<(long ImageId, FilterMark Mark)> marks, bool isOrdered)
    {
        FilteredImage[] images =
        [
            .. marks.GroupBy(pair => pair.ImageId, pair => pair.Mark)
                .Where(group => evaluated.ById.ContainsKey(group.Key))
                .Select(group => new FilteredImage(evaluated.ById[group.Key], [.. group])),
        ];
        return isOrdered ? images : [.. images.OrderByDescending(image => image.Marks.Count).ThenBy(image => image.Image.Image.FileName, StringComparer.Ordinal)];
    }

    private IEnumerable<(long ImageId, FilterMark Mark)> FindObjects(EvaluatedDataset evaluated)
    {
        int label = Class is null ? -1 : evaluated.Dataset.Classes.ToList().IndexOf(Class);
        foreach ((long id, EvaluatedImage image) in evaluated.ById)
        {
            foreach (ObjectAnnotation item in image.Image.Objects.Where(item => !item.IsCrowd && (label < 0 || item.Label == label) && Size?.Contains(item.Area) != false))
            {
                yield return (id, new FilterMark(CocoBox.From(item.Box), evaluated.Dataset.Classes[item.Label]));
            }
        }
    }

    private IEnumerable<(long ImageId, FilterMark Mark)> FindErrors(ErrorIndex errors)
    {
        MatchedDetections matched = errors.Matched;
        foreach (MatchedDetection one in matched.Detections.Where(one => one.Error is { } kind && (Error is null || kind == Error) && IsOfClass(matched, one.Category)))
        {
            CocoResult result = matched.Results[one.Position];
            yield return (result.ImageId, new FilterMark(result.Box, $"{matched.Categories[one.Category].Name}: {AnalysisJson.NameOf(one.Error!.Value)}"));
        }

        foreach (MatchedGroundTruth item in matched.Objects.Where(item => item.IsMissed && Error is null or ErrorKind.Missed && IsOfClass(matched, item.Category)))
        {
            yield return (matched.Truth[item.Position].ImageId, new FilterMark(matched.Truth[item.Position].Box, $"missed: {matched.Categories[item.Category].Name}"));
        }
    }

    private bool IsOfClass(MatchedDetections matched, int category) => Class is null || matched.Categories[category].Name == Class;

    private IEnumerable<(long ImageId, FilterMark Mark)> FindCell(ErrorIndex errors)
    {
        ConfusionMatrix matrix = errors.Confusion;
        MatchedDetections matched = errors.Matched;
        string NameOf(int k) => k == matrix.BackgroundIndex ? "" : matrix.Classes[k];
        foreach (ConfusionEntry entry in matrix.Entries.Where(entry => NameOf(entry.Annotated) == Annotated && NameOf(entry.Detected) == Detected && (Error is null || entry.Error == Error)))
        {
            (long image, CocoBox box) = entry.Detection >= 0
                ? (matched.Results[entry.Detection].ImageId, matched.Results[entry.Detection].Box)
                : (matched.Truth[entry.Truth].ImageId, matched.Truth[entry.Truth].Box);
            yield return (image, new FilterMark(box, entry.Detection < 0 ? $"missed: {Annotated}" : entry.Truth < 0 ? Detected! : $"{Annotated} as {Detected}"));
        }
    }

    private IEnumerable<(long ImageId, FilterMark Mark)> FindIssues(ErrorIndex errors) => errors.Issues.Where(issue => issue.Kind == Issue)
        .Select(issue => (issue.ImageId, new FilterMark(errors.Matched.Results[issue.Detection].Box, issue.Reason)));

    private string Describe()
    {
        string ofClass = Class is null ? "" : $" of class {Class}";
        return Issue is { } issue ? $"labels to check: {AnalysisJson.NameOf(issue).Replace('_', ' ')}"
            : IsCell ? $"{Name(Annotated!, "nothing")} detected as {Name(Detected!, "nothing")}{(Error is { } row ? $" ({AnalysisJson.NameOf(row)})" : "")}"
            : HasErrors ? $"{(Error is { } kind ? AnalysisJson.Describe(kind) : "errors")}{ofClass}"
            : $"{(Size is { } size ? size.Name + " objects" : "objects")}{ofClass}";

        static string Name(string name, string otherwise) => name.Length == 0 ? otherwise : name;
    }

    private static AreaRange ParseSize(string text) => AreaRange.Coco.Skip(1).Any(range => range.Name == text)
        ? AreaRange.Coco.First(range => range.Name == text)
        : throw Unknown("size", text, AreaRange.Coco.Skip(1).Select(range => range.Name));

    private static ErrorKind ParseError(string text) => ErrorBreakdown.Kinds.Any(kind => AnalysisJson.NameOf(kind) == text)
        ? ErrorBreakdown.Kinds.First(kind => AnalysisJson.NameOf(kind) == text)
        : throw Unknown("error", text, ErrorBreakdown.Kinds.Select(AnalysisJson.NameOf).Append(AnyError));

    private static LabelIssueKind ParseIssue(string text)
    {
        LabelIssueKind[] kinds = Enum.GetValues<LabelIssueKind>();
        return kinds.Any(kind => AnalysisJson.NameOf(kind) == text)
            ? kinds.First(kind => AnalysisJson.NameOf(kind) == text)
            : throw Unknown("issue", text, kinds.Select(AnalysisJson.NameOf));
    }

    private static OptionException Unknown(string name, string value, IEnumerable<string> choices) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{name}={value} is unknown; use one of {string.Join(", ", choices)}.")) { OptionName = name };
}

/// <summary>An image that a filter finds.</summary>
/// <param name="Image">The image.</param>
/// <param name="Marks">The boxes that are counted in it.</param>
internal sealed record FilteredImage(EvaluatedImage Image, IReadOnlyList<FilterMark> Marks);

/// <summary>A box that a filter counts.</summary>
/// <param name="Box">The box.</param>
/// <param name="Text">What it is.</param>
internal sealed record FilterMark(CocoBox Box, string Text);
