using FocalSharp.Explorer.Hosting;

namespace FocalSharp.Explorer.Pages;

/// <summary>One page of the explorer. <see cref="PageLayout"/> puts the shared head, navigation and foot around its body.</summary>
public sealed record ExplorerPage
{
    /// <summary>Its name in the address, such as <c>focal-loss</c>; empty for the start page.</summary>
    public required string Slug { get; init; }

    /// <summary>Title for the browser's tab.</summary>
    public required string Title { get; init; }

    /// <summary>Short label in the navigation.</summary>
    public required string Label { get; init; }

    /// <summary>One sentence for search engines and link previews.</summary>
    public required string Summary { get; init; }

    /// <summary>Where the navigation shows it.</summary>
    public required PageGroup Group { get; init; }

    /// <summary>Makes the trusted HTML within <c>main</c>; asked at each request, so it may change.</summary>
    public required Func<string> Body { get; init; }

    /// <summary>Names of its own style sheets among the assets, after the shared ones.</summary>
    public IReadOnlyList<string> Styles { get; init; } = [];

    /// <summary>Names of its own scripts among the assets, after the shared ones.</summary>
    public IReadOnlyList<string> Scripts { get; init; } = [];

    /// <summary>True where the page draws with Plotly and the shared loss formulas.</summary>
    public bool HasPlots { get; init; } = true;

    /// <summary>True where the page needs no server, so that <c>--export</c> writes it.</summary>
    public bool IsExportable { get; init; }

    /// <summary>A body that lies among the assets, as <c>pages/NAME.html</c>.</summary>
    public static Func<string> FromAsset(string name) => () => EmbeddedAssets.Get(name).Text;
}
