using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Training.Tuning;

/// <summary>
/// Matches the classes of a data set to those of a detector by its detections on labeled images: an "automobile" of the data set may be
/// a "car" of the detector.
/// </summary>
internal static class ClassMatches
{
    /// <summary>Candidates for each class of the data set: the detector's classes that score highest on its objects.</summary>
    private const int MaxCandidates = 4;

    private const float MinIou = 0.5f;

    /// <summary>Matches classes by detections.</summary>
    /// <param name="data">Labeled images.</param>
    /// <param name="detections">The detections of each image, with the detector's labels.</param>
    /// <param name="known">The detector's classes.</param>
    /// <returns>A match for each class of the data set, in order. A class without objects in the images is matched only by name.</returns>
    public static IReadOnlyList<ClassMatch> Find(DetectionDataset data, IReadOnlyList<Detection[]> detections, IReadOnlyList<string> known)
    {
        if (detections.Count != data.Images.Count)
        {
            throw new ArgumentException($"{detections.Count} images' detections for {data.Images.Count} images.", nameof(detections));
        }

        return [.. data.Classes.Select((name, label) => Find(data, label, detections, known))];
    }

    /// <summary>Returns a detector's detections with the labels of the data set: those of each class's match.</summary>
    /// <param name="detections">The detections of each image, with the detector's labels.</param>
    /// <param name="matches">The match of each class of the data set.</param>
    /// <param name="known">The detector's classes.</param>
    public static IReadOnlyList<IReadOnlyList<Detection>> Translate(
        IReadOnlyList<Detection[]> detections, IReadOnlyList<ClassMatch> matches, IReadOnlyList<string> known)
    {
        ILookup<string, int> labels = matches.Select((match, label) => (match.MatchedClass, label))
            .Where(pair => pair.MatchedClass is not null)
            .ToLookup(pair => pair.MatchedClass!, pair => pair.label, StringComparer.Ordinal);
        return [.. detections.Select(found => found.SelectMany(one => labels[known[one.Label]].Select(label => one with { Label = label })).ToArray())];
    }

    /// <summary>Returns the images with the objects of one class only, which gets label 0.</summary>
    /// <param name="data">Labeled images.</param>
    /// <param name="label">The class.</param>
    public static DetectionDataset SelectClass(DetectionDataset data, int label) => data with
    {
        Classes = [data.Classes[label]],
        CategoryIds = [1],
        Images = [.. data.Images.Select(image => image with
        {
            Objects = [.. image.Objects.Where(one => one.Label == label).Select(one => one with { Label = 0 })],
        })],
    };

    /// <summary>Returns the detections of one class, with label 0.</summary>
    /// <param name="detections">The detections of an image.</param>
    /// <param name="label">The class.</param>
    public static Detection[] SelectLabel(IEnumerable<Detection> detections, int label) =>
        [.. detections.Where(one => one.Label == label).Select(one => one with { Label = 0 })];

    private static ClassMatch Find(DetectionDataset data, int label, IReadOnlyList<Detection[]> detections, IReadOnlyList<string> known)
    {
        string name = data.Classes[label];
        DetectionDataset truth = SelectClass(data, label);
        int sameNameIndex = known.ToList().FindIndex(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase));
        if (truth.ObjectCount == 0)
        {
            return new ClassMatch(name, sameNameIndex < 0 ? null : known[sameNameIndex], 0);
        }

        double[] scores = SumBestScores(truth, detections, known.Count);
        IEnumerable<int> candidates = sameNameIndex >= 0
            ? [sameNameIndex]
            : Enumerable.Range(0, known.Count).Where(other => scores[other] > 0).OrderByDescending(other => scores[other]).Take(MaxCandidates);
        ClassMatch best = new(name, null, 0);
        foreach (int candidate in candidates)
        {
            double precision = Math.Max(0, CocoEvaluator.Evaluate(truth, [.. detections.Select(found => SelectLabel(found, candidate))]).AP50); // -1 where all are crowds
            if (best.MatchedClass is null || precision > best.AP50)
            {
                best = new ClassMatch(name, known[candidate], precision);
            }
        }

        return best;
    }

    /// <summary>Sums, for each class of the detector, its best score on each object.</summary>
    private static double[] SumBestScores(DetectionDataset truth, IReadOnlyList<Detection[]> detections, int classes)
    {
        double[] sums = new double[classes];
        float[] best = new float[classes];
        for (int i = 0; i < truth.Images.Count; i++)
        {
            foreach (ObjectAnnotation annotation in truth.Images[i].Objects.Where(one => !one.IsCrowd))
            {
                Array.Clear(best);
                foreach (Detection detection in detections[i])
                {
                    if (detection.Score > best[detection.Label] && BoxIou.Iou(detection.Box, annotation.Box) >= MinIou)
                    {
                        best[detection.Label] = detection.Score;
                    }
                }

                for (int other = 0; other < classes; other++)
                {
                    sums[other] += best[other];
                }
            }
        }

        return sums;
    }
}

/// <summary>The class of a detector that corresponds to a class of a data set.</summary>
/// <param name="ClassName">The data set's class.</param>
/// <param name="MatchedClass">The detector's class of the same name; otherwise, the class that detects this class best, or null if none does.</param>
/// <param name="AP50">The average precision at IoU 0.5 of the matched class's detections for this class, 0 to 1.</param>
internal sealed record ClassMatch(string ClassName, string? MatchedClass, double AP50)
{
    /// <summary>Gets whether the class is detected by a class of another name.</summary>
    public bool HasOtherName => AP50 > 0 && MatchedClass is not null && !string.Equals(MatchedClass, ClassName, StringComparison.OrdinalIgnoreCase);
}
