using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;

namespace FocalSharp.Evaluation.Calibration.Fitting;

/// <summary>Matches detections to objects.</summary>
internal static class BoxMatcher
{
    /// <summary>The smallest IoU of a match.</summary>
    public const double DefaultMinIou = 0.5;

    /// <summary>
    /// Matches the detections of an image. In descending order of score, each takes the free object of its class with the highest IoU. Crowds are no
    /// objects.
    /// </summary>
    /// <param name="image">The image with its objects.</param>
    /// <param name="detections">Its detections, in pixels of the image.</param>
    /// <param name="minIou">Minimum IoU of a match.</param>
    /// <returns>The detections in descending order of score, each with its object; null for none.</returns>
    public static IEnumerable<(Detection Detection, ObjectAnnotation? Truth)> Match(DatasetImage image, IReadOnlyList<Detection> detections, double minIou = DefaultMinIou)
    {
        List<ObjectAnnotation> free = [.. image.Objects.Where(item => !item.IsCrowd)];
        foreach (Detection detection in detections.OrderByDescending(detection => detection.Score))
        {
            ObjectAnnotation? found = free.Where(item => item.Label == detection.Label).MaxBy(item => BoxIou.Iou(item.Box, detection.Box));
            if (found is not null && BoxIou.Iou(found.Box, detection.Box) >= minIou)
            {
                free.Remove(found);
                yield return (detection, found);
            }
            else
            {
                yield return (detection, null);
            }
        }
    }

    /// <summary>Returns the detections that match an object.</summary>
    public static IReadOnlyList<MatchedBox> MatchAll(
        IReadOnlyList<DatasetImage> images, IReadOnlyList<IReadOnlyList<Detection>> detections, double minIou = DefaultMinIou)
    {
        if (images.Count != detections.Count)
        {
            throw new ArgumentException($"{images.Count} images need as many lists of detections; {detections.Count} were passed.", nameof(detections));
        }

        return
        [
            .. Enumerable.Range(0, images.Count).SelectMany(i => Match(images[i], detections[i], minIou)
                .Where(match => match.Truth is not null)
                .Select(match => new MatchedBox(i, match.Detection, match.Truth!.Box))),
        ];
    }
}
