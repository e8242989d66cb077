using FocalSharp.Explorer.Pages;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Losses;

/// <summary>The start page and a page for each loss of the paper, with the values behind them at <c>/api/losses</c>.</summary>
public sealed class LossPages : IExplorerFeature
{
    /// <inheritdoc/>
    public IReadOnlyList<ExplorerPage> Pages { get; } =
    [
        new()
        {
            Slug = "",
            Title = "See what a detector's losses do – FocalSharp",
            Label = "Start",
            Summary = "Focal Loss, Quality and Distribution Focal Loss and the losses of boxes, as pages to drag.",
            Group = PageGroup.Start,
            IsExportable = true,
            HasPlots = false,
            Body = ExplorerPage.FromAsset("pages/start.html"),
            Scripts = ["js/formulas.js", "js/shapes.js", "js/start.js"],
        },
        Page("focal-loss", "Focal Loss", "Focal", "Focal Loss and its gradient under γ and α, with cross-entropy beside it."),
        Page("quality-focal-loss", "Quality Focal Loss", "Quality", "Quality Focal Loss: its minimum follows the box's IoU, for every score and target."),
        Page(
            "distribution-focal-loss", "Distribution Focal Loss", "Distribution",
            "Drag the logits of a box side's distribution, and watch descent gather them around the target.",
            "js/shapes.js", "js/descent.js"),
        Page("generalized-focal-loss", "Generalized Focal Loss", "Generalized", "One formula of which Focal, Quality and Distribution Focal Loss are settings."),
        Page("box-geometry", "Box geometry", "Boxes", "IoU, GIoU, DIoU and CIoU of two boxes to drag, with their gradients.", "js/descent.js"),
    ];

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder endpoints) => LossApi.Map(endpoints);

    private static ExplorerPage Page(string slug, string title, string label, string summary, params string[] scripts) => new()
    {
        Slug = slug,
        Title = title,
        Label = label,
        Summary = summary,
        Group = PageGroup.Losses,
        IsExportable = true,
        Body = ExplorerPage.FromAsset($"pages/{slug}.html"),
        Scripts = [.. scripts, $"js/{slug}.js"],
    };
}
