using System.Diagnostics;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Models.Export;

/// <summary>Judges files on a data set: each picture by each file in turn, so that all are timed under the same load.</summary>
public static class OnnxEvaluator
{
    private const int WarmupRuns = 3;

    /// <summary>Runs and scores.</summary>
    /// <param name="paths">The files, of one model.</param>
    /// <param name="rule">How pictures become inputs.</param>
    /// <param name="dataset">The pictures with their truth.</param>
    /// <param name="classes">The model's labels in the data set's terms.</param>
    /// <param name="progress">Told the number of pictures done.</param>
    /// <param name="cancellationToken">Ends the work between pictures.</param>
    /// <returns>One for each file.</returns>
    public static OnnxMetrics[] Evaluate(
        IReadOnlyList<string> paths,
        ResizeRule rule,
        DetectionDataset dataset,
        ClassMapping classes,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        OnnxSession[] sessions = [.. paths.Select(path => new OnnxSession(path))];
        try
        {
            Detection[][][] found = [.. sessions.Select(_ => new Detection[dataset.Images.Count][])];
            double[][] times = [.. sessions.Select(_ => new double[dataset.Images.Count])];
            for (int i = 0; i < dataset.Images.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                OnnxInputImage picture = OnnxInputImage.Create(ImageDecoder.Decode(dataset.Images[i].Path), rule);
                for (int s = 0; s < sessions.Length; s++)
                {
                    for (int warm = i == 0 ? WarmupRuns : 0; warm > 0; warm--)
                    {
                        Detect(sessions[s], picture);
                    }

                    long started = Stopwatch.GetTimestamp();
                    Detection[] detections = Detect(sessions[s], picture);
                    times[s][i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                    found[s][i] = classes.Apply(detections.Select(detection => MapToImage(detection, picture)));
                }

                progress?.Report(i + 1);
            }

            return [.. paths.Select((path, s) => ComputeMetrics(path, dataset, found[s], times[s]))];
        }
        finally
        {
            Array.ForEach(sessions, session => session.Dispose());
        }
    }

    private static Detection[] Detect(OnnxSession session, OnnxInputImage picture) =>
        session.Detect(picture.Pixels, [picture.Frame], picture.Height, picture.Width)[0];

    private static Detection MapToImage(Detection detection, OnnxInputImage picture)
    {
        (float x, float y) = (1 / picture.Frame.ScaleX, 1 / picture.Frame.ScaleY);
        return detection with { Box = detection.Box.Scale(x, y), Deviation = detection.Deviation.Scale(x, y) };
    }

    private static OnnxMetrics ComputeMetrics(string path, DetectionDataset dataset, Detection[][] found, double[] times)
    {
        CocoMetrics metrics = CocoEvaluator.Evaluate(dataset, found);
        Dictionary<string, double> summary = metrics.Summary.ToDictionary(pair => pair.Key, pair => pair.Value);
        return new OnnxMetrics(summary["AP"], summary["AP50"], times.Order().ElementAt(times.Length / 2), new FileInfo(path).Length);
    }
}
