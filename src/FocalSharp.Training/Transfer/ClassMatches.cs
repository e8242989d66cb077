using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Training.Transfer;

/// <summary>
/// Finds out which classes of a detector stand for which of a data set, by what it detects on labelled images: what the data call an
/// automobile, the detector may know as a car.
/// </summary>
public static class ClassMatches
{
    /// <summary>Classes of the detector that are judged for each of the data's: those that score highest on its objects.</summary>
    private const int MaxCandidates = 4;

    private const float MinIou = 0.5f;

    /// <summary>Judges the detector's classes by its detections.</summary>
    /// <param name="data">Labelled images.</param>
    /// <param name="detections">For each image the detector's detections, under its own labels.</param>
    /// <param name="known">The detector's classes.</param>
    /// <returns>One for each of the data's classes, in their order. A class without objects in the images has no kin but by name.</returns>
    public static IReadOnlyList<ClassMatch> Find(DetectionDataset data, IReadOnlyList<Detection[]> detections, IReadOnlyList<string> known)
    {
        if (detections.Count != data.Images.Count)
        {
            throw new ArgumentException($"{detections.Count} images' detections for {data.Images.Count} images.", nameof(detections));
        }

        return [.. data.Classes.Select((name, label) => Find(data, label, detections, known))];
    }

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

    /// <summary>For each of the detector's classes, its best score on each object, summed.</summary>
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

    private static DetectionDataset SelectClass(DetectionDataset data, int label) => data with
    {
        Classes = [data.Classes[label]],
        CategoryIds = [1],
        Images = [.. data.Images.Select(image => image with
        {
            Objects = [.. image.Objects.Where(one => one.Label == label).Select(one => one with { Label = 0 })],
        })],
    };

    private static Detection[] SelectLabel(Detection[] detections, int label) =>
        [.. detections.Where(one => one.Label == label).Select(one => one with { Label = 0 })];
}
