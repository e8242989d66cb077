using System.Globalization;
using FocalSharp.Evaluation.ErrorAnalysis;
using FocalSharp.Reporting.Markup;

namespace FocalSharp.Reporting;

/// <summary>
/// The links of a report's numbers to the images that they count, in the explorer. A report is a file, so it links to the address at which the explorer
/// listens once it is started.
/// </summary>
/// <param name="Address">The explorer's address with a slash at the end.</param>
/// <param name="Model">The name of the model in the explorer.</param>
/// <param name="Command">The command that starts the explorer.</param>
internal sealed record ImageLinks(string Address, string Model, string Command)
{
    /// <summary>The page of the explorer.</summary>
    public const string Page = "detections";

    /// <summary>Links to the objects of a class.</summary>
    public static Link ForClass(ImageLinks? links, string text, string name, string? size = null) =>
        size is null ? Create(links, text, ("class", name)) : Create(links, text, ("class", name), ("size", size));

    /// <summary>Links to the errors of a kind.</summary>
    public static Link ForError(ImageLinks? links, int count, ErrorKind kind) =>
        Create(count == 0 ? null : links, count.ToString(CultureInfo.InvariantCulture), ("error", AnalysisJson.NameOf(kind)));

    /// <summary>Links to the errors of a kind in a class.</summary>
    public static Link ForClassError(ImageLinks? links, string text, ErrorKind kind, string name) =>
        Create(links, text, ("error", AnalysisJson.NameOf(kind)), ("class", name));

    /// <summary>Links to a cell of the confusion matrix; an empty class is nothing.</summary>
    public static Link ForCell(ImageLinks? links, int count, string annotated, string detected, ErrorKind? kind = null)
    {
        string text = count.ToString(CultureInfo.InvariantCulture);
        return count == 0 ? new Link(text, null)
            : kind is { } error ? Create(links, text, ("annotated", annotated), ("detected", detected), ("error", AnalysisJson.NameOf(error)))
            : Create(links, text, ("annotated", annotated), ("detected", detected));
    }

    /// <summary>Links to an image among those with errors.</summary>
    public static Link ForImage(ImageLinks? links, string file) => Create(links, file, ("error", "any"), ("file", file));

    /// <summary>Links to a label issue among those of its kind, where it can be corrected.</summary>
    public static Link ForIssue(ImageLinks? links, LabelIssueKind kind, string file)
    {
        Link link = Create(links, file, ("issue", AnalysisJson.NameOf(kind)), ("file", file));
        return link.Address is null ? link : link with { Address = link.Address + "#correct=true" };
    }

    private static Link Create(ImageLinks? links, string text, params ReadOnlySpan<(string Name, string Value)> filter)
    {
        if (links is null)
        {
            return new Link(text, null);
        }

        List<string> words = [$"model={Uri.EscapeDataString(links.Model)}"];
        foreach ((string name, string value) in filter)
        {
            words.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        return new Link(text, $"{links.Address}{Page}?{string.Join('&', words)}");
    }
}
