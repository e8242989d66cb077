using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Core.Tests.Evaluation.ErrorAnalysis;

/// <summary>One image with one error of each kind, small enough to be worked out by hand.</summary>
internal static class ErrorScene
{
    public static CocoGroundTruth GroundTruth { get; } = Objects(
        (1, 0),     // 0: found, and found again by a duplicate
        (2, 200),   // 1: detected as a cat
        (1, 400),   // 2: detected too far off
        (2, 600),   // 3: detected too far off and as a cat, so missed
        (1, 800),   // 4: found
        (2, 1000)); // 5: found

    public static CocoResults Results { get; } = Detections(
        (1, 0, 0.9),      // right
        (1, 5, 0.8),      // duplicate: IoU 95/105
        (1, 200, 0.7),    // class: IoU 1 with object 1
        (1, 460, 0.6),    // location: IoU 40/160 with object 2
        (1, 3000, 0.5),   // background
        (1, 660, 0.4),    // both: IoU 40/160 with object 3
        (1, 800, 0.1),    // right
        (2, 1000, 0.3));  // right

    /// <summary>Objects of 100 × 100 px in a row: category and left edge.</summary>
    public static CocoGroundTruth Objects(params ReadOnlySpan<(int Category, double X)> objects)
    {
        List<CocoAnnotation> annotations = [];
        foreach ((int category, double x) in objects)
        {
            annotations.Add(new CocoAnnotation(annotations.Count + 1, 1, category, new CocoBox(x, 0, 100, 100), 10000, IsCrowd: false));
        }

        return new CocoGroundTruth("truth", [1, 2], [new(1, "cat"), new(2, "dog")], annotations);
    }

    /// <summary>Detections of 100 × 100 px in the same row: category, left edge, score.</summary>
    public static CocoResults Detections(params ReadOnlySpan<(int Category, double X, double Score)> detections)
    {
        List<CocoResult> results = [];
        foreach ((int category, double x, double score) in detections)
        {
            results.Add(new CocoResult(1, category, new CocoBox(x, 0, 100, 100), score));
        }

        return new CocoResults("results", results);
    }
}
