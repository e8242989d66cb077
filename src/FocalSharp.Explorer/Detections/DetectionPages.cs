using FocalSharp.Explorer.Calibration;
using FocalSharp.Explorer.Comparison;
using FocalSharp.Explorer.Datasets;
using FocalSharp.Explorer.Labels;
using FocalSharp.Explorer.Models;
using FocalSharp.Explorer.Pages;
using FocalSharp.Explorer.Reports;
using FocalSharp.Serving.Uploads;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Detections;

/// <summary>
/// The pages for a trained detector: boxes with the uncertainty of each edge, the images that it was evaluated on, and its calibration.
/// </summary>
internal sealed class DetectionPages : IExplorerFeature, IDisposable
{
    private readonly ExplorerModelCatalog _catalog;
    private readonly ModelCache _models = new();
    private readonly DatasetCache _data;
    private readonly BrowserApi _browser;
    private readonly DataApi _datasets;
    private readonly EvaluationApi _evaluations;
    private readonly ImageUploads _uploads;

    /// <summary>Initializes the pages.</summary>
    /// <param name="catalog">The available models.</param>
    /// <param name="uploads">The limits on uploads; null for the defaults.</param>
    public DetectionPages(ExplorerModelCatalog catalog, UploadOptions? uploads = null)
    {
        _catalog = catalog;
        _data = new DatasetCache(catalog.Data, catalog.Hints);
        _browser = new BrowserApi(catalog, _data);
        _datasets = new DataApi(catalog, _data);
        _evaluations = new EvaluationApi(catalog, _data, _models);
        _uploads = new ImageUploads(uploads);
    }

    /// <summary>Gets the available models.</summary>
    public ExplorerModelCatalog Catalog => _catalog;

    /// <inheritdoc/>
    public IReadOnlyList<ExplorerPage> Pages { get; } =
    [
        new()
        {
            Slug = "detections",
            Title = "Detections",
            Label = "Detections",
            Summary = "Detections with the uncertainty of each box edge, and the predicted distribution of every side.",
            Group = PageGroup.Detector,
            Body = ExplorerPage.FromAsset("pages/detections.html"),
            Styles = ["css/detections.css"],
            Scripts = ["js/models.js", "js/selection.js", "js/stage.js", "js/sides.js", "js/browser.js", "js/labels.js", "js/detections.js", "js/evaluate.js"],
        },
        new()
        {
            Slug = "calibration",
            Title = "Calibration",
            Label = "Calibration",
            Summary = "Score against true IoU, edge deviation against true error, and coverage.",
            Group = PageGroup.Detector,
            Body = ExplorerPage.FromAsset("pages/calibration.html"),
            Styles = ["css/detections.css"],
            Scripts = ["js/models.js", "js/calibration.js"],
        },
        new()
        {
            Slug = "comparison",
            Title = "Comparison",
            Label = "Comparison",
            Summary = "Two models side by side: AP with its paired interval, and what one finds and the other misses.",
            Group = PageGroup.Detector,
            Body = ExplorerPage.FromAsset("pages/comparison.html"),
            Styles = ["css/detections.css"],
            Scripts = ["js/models.js", "js/selection.js", "js/stage.js", "js/comparison.js"],
        },
        new()
        {
            Slug = "data",
            Title = "Data set",
            Label = "Data",
            Summary = "Classes, object sizes, centers and aspect ratios of a data set, and batches as training augments them.",
            Group = PageGroup.Detector,
            Body = ExplorerPage.FromAsset("pages/data.html"),
            Styles = ["css/detections.css"],
            Scripts = ["js/models.js", "js/data.js"],
        },
    ];

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        new DetectionApi(_catalog, _models, _data, _uploads).Map(endpoints);
        _browser.Map(endpoints);
        new CalibrationApi(_catalog).Map(endpoints);
        new ComparisonApi(_catalog, _data).Map(endpoints);
        new LabelApi(_catalog, _data).Map(endpoints);
        new ReportApi(_catalog).Map(endpoints);
        _datasets.Map(endpoints);
        _evaluations.Map(endpoints);
    }

    /// <summary>Releases the models.</summary>
    public void Dispose()
    {
        _evaluations.Dispose();
        _browser.Dispose();
        _datasets.Dispose();
        _models.Dispose();
        _uploads.Dispose();
    }
}
