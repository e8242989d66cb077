using FocalSharp.Detections;
using FocalSharp.Runtime;

namespace FocalSharp.MLNet.Pipeline;

/// <summary>Fills a row.</summary>
internal static class DetectedObjectsExtensions
{
    /// <summary>Detects objects in an image and writes them to a row.</summary>
    public static void Set(this DetectedObjects row, Detector detector, ImageSource image)
    {
        Runtime.Detections found = detector.Detect(image);
        ReadOnlySpan<Detection> detections = found.AsSpan();
        (row.Boxes, row.Deviations) = (new float[4 * found.Count], new float[4 * found.Count]);
        (row.Scores, row.Labels) = (new float[found.Count], new string[found.Count]);
        for (int i = 0; i < detections.Length; i++)
        {
            Detection one = detections[i];
            (row.Scores[i], row.Labels[i]) = (one.Score, found.GetClassName(one));
            (row.Boxes[4 * i], row.Boxes[(4 * i) + 1], row.Boxes[(4 * i) + 2], row.Boxes[(4 * i) + 3]) = (one.Box.X1, one.Box.Y1, one.Box.X2, one.Box.Y2);
            (row.Deviations[4 * i], row.Deviations[(4 * i) + 1], row.Deviations[(4 * i) + 2], row.Deviations[(4 * i) + 3]) =
                (one.Deviation.Left, one.Deviation.Top, one.Deviation.Right, one.Deviation.Bottom);
        }
    }
}
