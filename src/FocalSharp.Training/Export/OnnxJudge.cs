using System.Diagnostics;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Training.Inference;

namespace FocalSharp.Training.Export;

/// <summary>Judges files on a data set: each picture by each file in turn, so that all are timed under the same load.</summary>
public static class OnnxJudge
{
    private const int WarmUps = 3;

    /// <summary>Runs and scores.</summary>
    /// <param name="paths">The files, of one model.</param>
    /// <param name="rule">How pictures become inputs.</param>
    /// <param name="dataset">The pictures with their truth.</param>
    /// <param name="classes">The model's labels in the data set's terms.</param>
    /// <param name="progress">Told the number of pictures done.</param>
    /// <param name="cancellation">Ends the work between pictures.</param>
    /// <returns>One for each file.</returns>
    public static OnnxScores[] Run(
        IReadOnlyList<string> paths,
        ResizeRule rule,
        DetectionDataset dataset,
        ClassMapping classes,
        IProgress<int>? progress = null,
        CancellationToken cancellation = default)
    {
        OnnxSession[] sessions = [.. paths.Select(path => new OnnxSession(path))];
        try
        {
            Detection[][][] found = [.. sessions.Select(_ => new Detection[dataset.Images.Count][])];
            double[][] times = [.. sessions.Select(_ => new double[dataset.Images.Count])];
            for (int i = 0; i < dataset.Images.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                PreparedPicture picture = PreparedPicture.Of(ImageDecoder.Decode(dataset.Images[i].Path), rule);
                for (int s = 0; s < sessions.Length; s++)
                {
                    for (int warm = i == 0 ? WarmUps : 0; warm > 0; warm--)
                    {
                        Detect(sessions[s], picture);
                    }

                    long started = Stopwatch.GetTimestamp();
                    Detection[] detections = Detect(sessions[s], picture);
                    times[s][i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                    found[s][i] = classes.Apply(detections.Select(detection => Restore(detection, picture)));
                }

                progress?.Report(i + 1);
            }

            return [.. paths.Select((path, s) => Score(path, dataset, found[s], times[s]))];
        }
        finally
        {
            Array.ForEach(sessions, session => session.Dispose());
        }
    }

    private static Detection[] Detect(OnnxSession session, PreparedPicture picture) =>
        session.Detect(picture.Pixels, [picture.Frame], picture.Height, picture.Width)[0];

    private static Detection Restore(Detection detection, PreparedPicture picture)
    {
        (float x, float y) = (1 / picture.Frame.ScaleX, 1 / picture.Frame.ScaleY);
        return detection with { Box = detection.Box.Scale(x, y), Deviation = detection.Deviation.Scale(x, y) };
    }

    private static OnnxScores Score(string path, DetectionDataset dataset, Detection[][] found, double[] times)
    {
        CocoMetrics metrics = CocoEvaluator.Evaluate(dataset, found);
        Dictionary<string, double> summary = metrics.Summary.ToDictionary(pair => pair.Key, pair => pair.Value);
        return new OnnxScores(summary["AP"], summary["AP50"], times.Order().ElementAt(times.Length / 2), new FileInfo(path).Length);
    }
}
