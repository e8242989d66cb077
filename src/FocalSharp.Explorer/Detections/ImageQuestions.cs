using System.Diagnostics;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Explorer.Models;
using FocalSharp.Imaging;

namespace FocalSharp.Explorer.Detections;

/// <summary>Asks a model about an image.</summary>
internal static class ImageQuestions
{
    /// <summary>Score above which candidates are shown at all.</summary>
    public const double Floor = 0.02;

    /// <summary>Most candidates that a page is sent; where there are more, the floor rises.</summary>
    public const int MostCandidates = 800;

    /// <summary>Runs the model.</summary>
    /// <param name="shelf">The models at hand.</param>
    /// <param name="entry">The model.</param>
    /// <param name="image">The image.</param>
    /// <param name="name">What to call it.</param>
    /// <param name="truth">Its annotated objects with the class names of their labels, or null.</param>
    /// <param name="cancellation">Ends the wait for a turn.</param>
    public static Task<DetectionAnswer> AskAsync(
        ModelShelf shelf,
        ModelEntry entry,
        RgbImage image,
        string name,
        (IReadOnlyList<ObjectAnnotation> Objects, IReadOnlyList<string> Classes)? truth,
        CancellationToken cancellation) => shelf.UseAsync(
        entry,
        model =>
        {
            long started = Stopwatch.GetTimestamp();
            Detection[] candidates = model.Candidates(image, Floor, MostCandidates);
            return new DetectionAnswer
            {
                Name = name,
                Width = image.Width,
                Height = image.Height,
                Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
                Floor = candidates.Length == MostCandidates ? candidates[^1].Score : Floor,
                Note = model.Shortcoming,
                Defaults = model.Defaults,
                Classes = model.Classes,
                Candidates = candidates,
                Truth = truth is { } known ? Translate(known.Objects, known.Classes, model.Classes) : null,
            };
        },
        cancellation);

    // By name: a data set may list its classes in another order.
    private static TruthBox[] Translate(IReadOnlyList<ObjectAnnotation> objects, IReadOnlyList<string> from, IReadOnlyList<string> to)
    {
        int[] labels = [.. from.Select(name => to.ToList().FindIndex(other => string.Equals(name, other, StringComparison.OrdinalIgnoreCase)))];
        return [.. objects.Select(item => new TruthBox(from[item.Label], labels[item.Label], item.Box, item.IsCrowd))];
    }
}
