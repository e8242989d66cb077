using System.Diagnostics;
using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Explorer.Models;
using FocalSharp.Imaging;
using FocalSharp.Runtime;

namespace FocalSharp.Explorer.Detections;

/// <summary>Runs a model on an image and returns the candidates before NMS.</summary>
internal static class CandidateQuery
{
    /// <summary>The minimum score of candidates.</summary>
    public const double MinScore = 0.02;

    /// <summary>The maximum number of candidates; if there are more, the minimum score rises.</summary>
    public const int MaxCandidates = 800;

    // No IoU exceeds 1, so this threshold turns NMS off.
    private static readonly DetectOptions Candidates = new()
    {
        ScoreThreshold = MinScore,
        IouThreshold = 1,
        MaxDetections = MaxCandidates,
        IncludeDistributions = true,
    };

    /// <summary>Runs the model.</summary>
    /// <param name="cache">The loaded models.</param>
    /// <param name="hints">What the note advises.</param>
    /// <param name="entry">The model.</param>
    /// <param name="image">The image.</param>
    /// <param name="name">The name of the image.</param>
    /// <param name="truth">The annotated objects with the class names of their labels, or null.</param>
    /// <param name="cancellationToken">Cancels the wait for the model.</param>
    public static Task<CandidatesResponse> RunAsync(
        ModelCache cache,
        ExplorerHints hints,
        ExplorerModelEntry entry,
        RgbImage image,
        string name,
        (IReadOnlyList<ObjectAnnotation> Objects, IReadOnlyList<string> Classes)? truth,
        CancellationToken cancellationToken) => cache.UseAsync(
        entry,
        model =>
        {
            long started = Stopwatch.GetTimestamp();
            IReadOnlyList<Detection> candidates = model.Detect(image, Candidates, cancellationToken);
            return new CandidatesResponse
            {
                Name = name,
                Width = image.Width,
                Height = image.Height,
                Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
                MinScore = candidates.Count == MaxCandidates ? candidates[^1].Score : MinScore,
                Note = model.Model.HasDistributions
                    ? null
                    : $"This ONNX file provides σ for each edge but not the distributions. {hints.ExportRaw}, or select the weights, to see them.",
                Defaults = model.Model.Postprocess,
                Classes = model.Classes,
                Candidates = candidates,
                GroundTruth = truth is { } known ? ToGroundTruthBoxes(known.Objects, known.Classes, model.Classes) : null,
            };
        },
        cancellationToken);

    // By name, because the class order of the data set may differ.
    private static GroundTruthBox[] ToGroundTruthBoxes(IReadOnlyList<ObjectAnnotation> objects, IReadOnlyList<string> from, IReadOnlyList<string> to)
    {
        int[] labels = [.. from.Select(name => to.ToList().FindIndex(other => string.Equals(name, other, StringComparison.OrdinalIgnoreCase)))];
        return [.. objects.Select(item => new GroundTruthBox(from[item.Label], labels[item.Label], item.Box, item.IsCrowd))];
    }
}

/// <summary>The candidates of a model on an image.</summary>
internal sealed record CandidatesResponse
{
    /// <summary>Gets the name of the image; not a path.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the width of the image in pixels, after EXIF orientation.</summary>
    public required int Width { get; init; }

    /// <summary>Gets the height of the image in pixels, after EXIF orientation.</summary>
    public required int Height { get; init; }

    /// <summary>Gets the inference time in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Gets the score above which the candidates are complete.</summary>
    public required double MinScore { get; init; }

    /// <summary>Gets a note about information that the model file does not provide, or null.</summary>
    public required string? Note { get; init; }

    /// <summary>Gets the model's own thresholds and limits.</summary>
    public required PostprocessOptions Defaults { get; init; }

    /// <summary>Gets the class names by label.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Gets the candidates before NMS, highest score first.</summary>
    public required IReadOnlyList<Detection> Candidates { get; init; }

    /// <summary>Gets the annotated objects, or null if they are unknown.</summary>
    public IReadOnlyList<GroundTruthBox>? GroundTruth { get; init; }
}

/// <summary>An annotated object.</summary>
/// <param name="Name">The class name.</param>
/// <param name="Label">The label of that class in the model; −1 if the model has no such class.</param>
/// <param name="Box">The box in pixels.</param>
/// <param name="IsCrowd">Whether it is a crowd region.</param>
internal sealed record GroundTruthBox(string Name, int Label, Box Box, bool IsCrowd);
