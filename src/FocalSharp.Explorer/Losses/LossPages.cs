using FocalSharp.Explorer.Pages;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Losses;

/// <summary>The start page and a page for each loss of the paper, with the values behind them at <c>/api/losses</c>.</summary>
public sealed class LossPages : IExplorerFeature
{
    /// <inheritdoc/>
    public IReadOnlyList<ExplorerPage> Pages { get; } =
    [
        Page("", "See the losses: FocalSharp explorer", "Start", "Focal Loss, Quality and Distribution Focal Loss and the losses of boxes, as pages to drag.") with
        {
            Group = PageGroup.Start,
            HasPlots = false,
            Body = ExplorerPage.FromAsset("pages/start.html"),
            Scripts = [],
        },
        Page("focal-loss", "Focal Loss", "Focal", "Focal Loss and its gradient under γ and α, with cross-entropy beside it."),
    ];

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder endpoints) => LossApi.Map(endpoints);

    private static ExplorerPage Page(string slug, string title, string label, string summary) => new()
    {
        Slug = slug,
        Title = title,
        Label = label,
        Summary = summary,
        Group = PageGroup.Losses,
        IsExportable = true,
        Body = ExplorerPage.FromAsset($"pages/{slug}.html"),
        Scripts = [$"js/{slug}.js"],
    };
}
