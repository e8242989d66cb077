using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;

namespace FocalSharp.Explorer.Datasets;

/// <summary>Counts what a detector overlooked in an image and what it made up.</summary>
internal static class MissCounter
{
    /// <summary>Score from which a detection counts.</summary>
    public const double MinScore = 0.3;

    /// <summary>Overlap from which an object counts as found.</summary>
    public const double MinIou = 0.5;

    /// <summary>Matches detections, best first, each with the free object of its class that it overlaps most. Crowds forgive.</summary>
    public static EvaluatedImage Count(int index, DatasetImage image, IEnumerable<Detection> detections)
    {
        List<ObjectAnnotation> free = [.. image.Objects.Where(item => !item.IsCrowd)];
        double doubt = free.Count;
        int extra = 0;
        foreach (Detection detection in detections.Where(item => item.Score > MinScore).OrderByDescending(item => item.Score))
        {
            ObjectAnnotation? found = free.Where(item => item.Label == detection.Label).MaxBy(item => BoxIou.Iou(item.Box, detection.Box));
            if (found is not null && BoxIou.Iou(found.Box, detection.Box) >= MinIou)
            {
                free.Remove(found);
                doubt -= detection.Score;
            }
            else if (!image.Objects.Any(item => item.IsCrowd && item.Label == detection.Label && BoxIou.Iou(item.Box, detection.Box) > 0))
            {
                extra++;
            }
        }

        return new EvaluatedImage(index, image, free.Count, extra, doubt);
    }
}
