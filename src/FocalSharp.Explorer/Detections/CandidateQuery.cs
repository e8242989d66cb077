using System.Diagnostics;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Explorer.Models;
using FocalSharp.Imaging;

namespace FocalSharp.Explorer.Detections;

/// <summary>Asks a model about an image.</summary>
internal static class CandidateQuery
{
    /// <summary>Score above which candidates are shown at all.</summary>
    public const double MinScore = 0.02;

    /// <summary>Most candidates that a page is sent; where there are more, the floor rises.</summary>
    public const int MaxCandidates = 800;

    /// <summary>Runs the model.</summary>
    /// <param name="cache">The models at hand.</param>
    /// <param name="entry">The model.</param>
    /// <param name="image">The image.</param>
    /// <param name="name">What to call it.</param>
    /// <param name="truth">Its annotated objects with the class names of their labels, or null.</param>
    /// <param name="cancellationToken">Ends the wait for a turn.</param>
    public static Task<CandidatesResponse> RunAsync(
        ModelCache cache,
        ExplorerModelEntry entry,
        RgbImage image,
        string name,
        (IReadOnlyList<ObjectAnnotation> Objects, IReadOnlyList<string> Classes)? truth,
        CancellationToken cancellationToken) => cache.UseAsync(
        entry,
        model =>
        {
            long started = Stopwatch.GetTimestamp();
            Detection[] candidates = model.GetCandidates(image, MinScore, MaxCandidates);
            return new CandidatesResponse
            {
                Name = name,
                Width = image.Width,
                Height = image.Height,
                Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
                MinScore = candidates.Length == MaxCandidates ? candidates[^1].Score : MinScore,
                Note = model.Limitation,
                Defaults = model.Defaults,
                Classes = model.Classes,
                Candidates = candidates,
                GroundTruth = truth is { } known ? ToGroundTruthBoxes(known.Objects, known.Classes, model.Classes) : null,
            };
        },
        cancellationToken);

    // By name: a data set may list its classes in another order.
    private static GroundTruthBox[] ToGroundTruthBoxes(IReadOnlyList<ObjectAnnotation> objects, IReadOnlyList<string> from, IReadOnlyList<string> to)
    {
        int[] labels = [.. from.Select(name => to.ToList().FindIndex(other => string.Equals(name, other, StringComparison.OrdinalIgnoreCase)))];
        return [.. objects.Select(item => new GroundTruthBox(from[item.Label], labels[item.Label], item.Box, item.IsCrowd))];
    }
}
