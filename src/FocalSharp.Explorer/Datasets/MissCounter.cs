using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Runtime;

namespace FocalSharp.Explorer.Datasets;

/// <summary>Counts missed objects and false positives in an image.</summary>
internal static class MissCounter
{
    /// <summary>The score above which a detection counts.</summary>
    public const double MinScore = DetectOptions.DefaultScoreThreshold;

    /// <summary>The minimum IoU of a true positive.</summary>
    public const double MinIou = 0.5;

    /// <summary>Matches each detection, in descending order of score, with the unmatched object of its class of the highest IoU. Detections on a crowd region of
    /// their class are ignored.</summary>
    public static EvaluatedImage Count(int index, DatasetImage image, IEnumerable<Detection> detections)
    {
        List<ObjectAnnotation> free = [.. image.Objects.Where(item => !item.IsCrowd)];
        double deficit = free.Count;
        int falsePositives = 0;
        foreach (Detection detection in detections.Where(item => item.Score > MinScore).OrderByDescending(item => item.Score))
        {
            ObjectAnnotation? found = free.Where(item => item.Label == detection.Label).MaxBy(item => BoxIou.Iou(item.Box, detection.Box));
            if (found is not null && BoxIou.Iou(found.Box, detection.Box) >= MinIou)
            {
                free.Remove(found);
                deficit -= detection.Score;
            }
            else if (!image.Objects.Any(item => item.IsCrowd && item.Label == detection.Label && BoxIou.Iou(item.Box, detection.Box) > 0))
            {
                falsePositives++;
            }
        }

        return new EvaluatedImage(index, image, free.Count, falsePositives, deficit);
    }
}
