using FocalSharp.Explorer.Hosting;

namespace FocalSharp.Explorer.Pages;

/// <summary>A page of the explorer. <see cref="PageLayout"/> adds the head, navigation and footer.</summary>
internal sealed record ExplorerPage
{
    /// <summary>Gets the name in the URL, for example <c>focal-loss</c>; empty for the start page.</summary>
    public required string Slug { get; init; }

    /// <summary>Gets the title of the browser tab.</summary>
    public required string Title { get; init; }

    /// <summary>Gets the label in the navigation.</summary>
    public required string Label { get; init; }

    /// <summary>Gets a sentence for search engines and link previews.</summary>
    public required string Summary { get; init; }

    /// <summary>Gets the group in the navigation.</summary>
    public required PageGroup Group { get; init; }

    /// <summary>Gets the function that returns the trusted HTML within <c>main</c>, called for each request.</summary>
    public required Func<string> Body { get; init; }

    /// <summary>Gets the names of additional style sheets.</summary>
    public IReadOnlyList<string> Styles { get; init; } = [];

    /// <summary>Gets the names of additional scripts.</summary>
    public IReadOnlyList<string> Scripts { get; init; } = [];

    /// <summary>Gets whether the page uses Plotly and the loss formulas.</summary>
    public bool HasPlots { get; init; } = true;

    /// <summary>Gets whether the page needs no server, so that it can be exported.</summary>
    public bool IsExportable { get; init; }

    /// <summary>Gets whether the page runs a model in the browser.</summary>
    public bool RunsModel { get; init; }

    /// <summary>Returns a function that reads a body from an asset.</summary>
    public static Func<string> FromAsset(string name) => () => EmbeddedAssets.Get(name).Text;
}

/// <summary>The groups of the navigation.</summary>
internal enum PageGroup
{
    /// <summary>The start page.</summary>
    Start,

    /// <summary>The pages about losses.</summary>
    Losses,

    /// <summary>The pages about a trained detector.</summary>
    Detector,
}
