using FocalSharp.Explorer.Calibration;
using FocalSharp.Explorer.Datasets;
using FocalSharp.Explorer.Models;
using FocalSharp.Explorer.Pages;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Detections;

/// <summary>
/// What a trained detector believes: its boxes with the uncertainty of each edge, the images that it was judged by with the worst misses
/// first, and its calibration.
/// </summary>
public sealed class DetectionPages : IExplorerFeature, IDisposable
{
    private readonly ExplorerModelCatalog _catalog;
    private readonly ModelCache _models = new();
    private readonly DatasetCache _data;
    private readonly BrowserApi _browser;
    private readonly ImageUploads _uploads;

    /// <summary>Makes the pages.</summary>
    /// <param name="catalog">The models to choose from.</param>
    /// <param name="uploads">Bounds on what visitors may send; null for the defaults.</param>
    public DetectionPages(ExplorerModelCatalog catalog, UploadOptions? uploads = null)
    {
        _catalog = catalog;
        _data = new DatasetCache(catalog.Data);
        _browser = new BrowserApi(catalog, _data);
        _uploads = new ImageUploads(uploads);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ExplorerPage> Pages { get; } =
    [
        new()
        {
            Slug = "detections",
            Title = "What a detector sees",
            Label = "Detections",
            Summary = "Boxes with the uncertainty of each edge, and the distribution behind every side.",
            Group = PageGroup.Detector,
            Body = ExplorerPage.FromAsset("pages/detections.html"),
            Styles = ["css/detections.css"],
            Scripts = ["js/models.js", "js/selection.js", "js/stage.js", "js/sides.js", "js/browser.js", "js/detections.js"],
        },
        new()
        {
            Slug = "calibration",
            Title = "Whether it can be believed",
            Label = "Calibration",
            Summary = "Quality score against real IoU, edge deviation against real error, and coverage.",
            Group = PageGroup.Detector,
            Body = ExplorerPage.FromAsset("pages/calibration.html"),
            Styles = ["css/detections.css"],
            Scripts = ["js/models.js", "js/calibration.js"],
        },
    ];

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        new DetectionApi(_catalog, _models, _data, _uploads).Map(endpoints);
        _browser.Map(endpoints);
        new CalibrationApi(_catalog).Map(endpoints);
    }

    /// <summary>Gives the models' memory back.</summary>
    public void Dispose()
    {
        _browser.Dispose();
        _models.Dispose();
        _uploads.Dispose();
    }
}
