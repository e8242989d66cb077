using FocalSharp.Explorer.Hosting;
using FocalSharp.Explorer.Models;
using FocalSharp.Explorer.Pages;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Losses;

/// <summary>The start page and a page for each loss, with the values at <c>/api/losses</c>.</summary>
/// <param name="catalog">The models that the start page lists; null for none, as in exported pages.</param>
internal sealed class LossPages(ExplorerModelCatalog? catalog = null) : IExplorerFeature
{
    /// <inheritdoc/>
    public IReadOnlyList<ExplorerPage> Pages { get; } =
    [
        new()
        {
            Slug = "",
            Title = "Generalized Focal Loss, interactive – FocalSharp",
            Label = "Start",
            Summary = "Interactive pages for Focal Loss, Quality Focal Loss, Distribution Focal Loss and the IoU losses.",
            Group = PageGroup.Start,
            IsExportable = true,
            HasPlots = false,
            Body = () => EmbeddedAssets.Get("pages/start.html").Text.Replace("{{models}}", StartModels.Render(catalog), StringComparison.Ordinal),
            Scripts = ["js/formulas.js", "js/shapes.js", "js/start.js"],
        },
        Page("focal-loss", "Focal Loss", "Focal", "Focal Loss and its gradient for γ and α, compared with cross-entropy."),
        Page("quality-focal-loss", "Quality Focal Loss", "Quality", "Quality Focal Loss for every score and target: its minimum is at the IoU of the box.", "js/heat-map.js"),
        Page(
            "distribution-focal-loss", "Distribution Focal Loss", "Distribution",
            "Drag the logits of the distribution of a box side, and run gradient descent towards the target.",
            "js/shapes.js", "js/descent.js"),
        Page("generalized-focal-loss", "Generalized Focal Loss", "Generalized", "The formula that includes Focal Loss, Quality Focal Loss and Distribution Focal Loss as special cases.", "js/heat-map.js"),
        Page("box-geometry", "Box geometry", "Boxes", "IoU, GIoU, DIoU and CIoU of two boxes that you can drag, with their gradients.", "js/descent.js"),
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
