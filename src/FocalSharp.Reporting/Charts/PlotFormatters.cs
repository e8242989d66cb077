using FocalSharp.Notebooks;

namespace FocalSharp.Reporting.Charts;

/// <summary>Shows plots in a notebook.</summary>
internal sealed class PlotFormatters
{
    /// <summary>
    /// The styles of a plot, which apply to it alone. The colors are legible on light and dark notebooks, whose theme a page cannot know.
    /// </summary>
    public const string Style =
        """
        <style>
        .focalsharp-plot { display: flex; flex-wrap: wrap; gap: 16px; font-family: system-ui, sans-serif; }
        .focalsharp-plot figure { margin: 0; width: 440px; max-width: 100%; }
        .focalsharp-plot h3 { margin: 0; font-size: 1rem; }
        .focalsharp-plot ul { list-style: none; margin: .3em 0; padding: 0; display: flex; flex-wrap: wrap; gap: .1em 1.1em; font-size: .85rem; }
        .focalsharp-plot li::before { content: ""; display: inline-block; vertical-align: middle; margin-right: .45em; width: 16px; border-top: 3px solid var(--k); }
        .focalsharp-plot .c1 { --k: #4b7bec; } .focalsharp-plot .c2 { --k: #e8640a; } .focalsharp-plot .c3 { --k: #0f9d8a; }
        .focalsharp-plot .c4 { --k: #b455cf; } .focalsharp-plot .c5 { --k: #b8860b; } .focalsharp-plot .c6 { --k: #7b8794; }
        .focalsharp-plot svg { display: block; width: 100%; height: auto; overflow: visible; } .focalsharp-plot svg svg { overflow: hidden; }
        .focalsharp-plot polyline, .focalsharp-plot path.dots { fill: none; stroke: var(--k); stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; }
        .focalsharp-plot .grid { stroke: #8884; } .focalsharp-plot .axis { stroke: #888; } .focalsharp-plot text { fill: #888; font-size: 12px; }
        </style>
        """;

    /// <summary>Creates the formatters.</summary>
    public IEnumerable<object> CreateTypeFormatters() => [new HtmlFormatter<Plot>(plot => plot.ToHtml())];
}
