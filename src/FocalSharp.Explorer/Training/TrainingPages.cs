using FocalSharp.Explorer.Pages;
using FocalSharp.Serving.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FocalSharp.Explorer.Training;

/// <summary>The page of a training run, which follows it with server-sent events.</summary>
/// <param name="feed">The state of the run.</param>
internal sealed class TrainingPages(TrainingFeed feed) : IExplorerFeature
{
    /// <summary>The name of the page.</summary>
    public const string Slug = "training";

    /// <inheritdoc/>
    public IReadOnlyList<ExplorerPage> Pages { get; } =
    [
        new()
        {
            Slug = Slug,
            Title = "Training",
            Label = "Training",
            Summary = "Losses, evaluations and detections of a training run, while it runs.",
            Group = PageGroup.Detector,
            Body = ExplorerPage.FromAsset("pages/training.html"),
            Styles = ["css/detections.css"],
            Scripts = ["js/training.js"],
        },
    ];

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/training/events", (CancellationToken cancellationToken) => TypedResults.ServerSentEvents(feed.ReadAsync(cancellationToken)))
            .DisableRateLimiting().DisableRequestTimeout();
        endpoints.MapGet("/api/training/pictures/{index:int}", IResult (int index) => feed.FindPicture(index) is { } picture
            ? Results.Bytes(picture, "image/jpeg")
            : ProblemResults.Create(StatusCodes.Status404NotFound, "No such picture.", "no_picture")).DisableRateLimiting();
    }
}
