using System.Diagnostics;
using FocalSharp.Detections;
using FocalSharp.Runtime;

namespace FocalSharp.GpuCheck;

/// <summary>Compares the detections of two detectors, and their times.</summary>
internal static class BoxCheck
{
    private const double MaxPixels = 0.5;
    private const double MaxScore = 0.01;
    private const double Threshold = 0.3;
    private const int Repeats = 30;

    public static CheckResult Compare(IDetector expected, IDetector actual, Scenes scenes)
    {
        (double pixels, double score, int count, int missing) = (0, 0, 0, 0);
        foreach (Imaging.RgbImage image in scenes.Images)
        {
            // The other detector reports lower scores too, so that a score beside the threshold finds its partner.
            Runtime.Detections candidates = actual.Detect(image, new DetectOptions { ScoreThreshold = Threshold - MaxScore });
            foreach (Detection one in expected.Detect(image, new DetectOptions { ScoreThreshold = Threshold }))
            {
                count++;
                Detection? partner = candidates.Where(other => other.Label == one.Label).OrderBy(other => Distance(one, other)).Cast<Detection?>().FirstOrDefault();
                if (partner is not { } found || Distance(one, found) > MaxPixels || Math.Abs(one.Score - found.Score) > MaxScore)
                {
                    missing++;
                    continue;
                }

                (pixels, score) = (Math.Max(pixels, Distance(one, found)), Math.Max(score, Math.Abs(one.Score - found.Score)));
            }
        }

        string times = $"{Measure(actual, scenes):0.0} ms per image, reference {Measure(expected, scenes):0.0} ms";
        return new(
            count > 0 && missing == 0,
            $"{count} detections, {missing} without a partner within {MaxPixels} px and {MaxScore} of score; differences at most {pixels:0.0000} px, {score:0.00000}; {times}");
    }

    private static double Distance(Detection a, Detection b) => new[] { a.Box.X1 - b.Box.X1, a.Box.Y1 - b.Box.Y1, a.Box.X2 - b.Box.X2, a.Box.Y2 - b.Box.Y2 }.Max(difference => Math.Abs(difference));

    private static double Measure(IDetector detector, Scenes scenes)
    {
        double[] times = new double[Repeats];
        for (int i = -5; i < Repeats; i++)
        {
            long started = Stopwatch.GetTimestamp();
            detector.Detect(scenes.Images[(i + 5) % scenes.Images.Count]);
            if (i >= 0)
            {
                times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        }

        return times.Order().ElementAt(Repeats / 2);
    }
}
