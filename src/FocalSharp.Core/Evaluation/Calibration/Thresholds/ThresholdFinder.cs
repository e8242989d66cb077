using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Calibration.Fitting;

namespace FocalSharp.Evaluation.Calibration.Thresholds;

/// <summary>
/// Finds score thresholds that hold a recall or a precision with a stated confidence (Learn then Test, Angelopoulos et al. 2021): each candidate is
/// tested by an exact binomial p-value in a sequence that does not depend on the outcome, up to the first that fails, so that no correction
/// for the number of candidates is needed.
/// </summary>
internal static class ThresholdFinder
{
    /// <summary>The candidates of <see cref="FindPrecision"/>: they must not depend on the images that test them.</summary>
    private static readonly double[] Grid = [.. Enumerable.Range(1, 199).Select(i => i / 200.0)];

    private const ulong Seed = 4;

    /// <summary>
    /// Finds the largest threshold above which objects are detected with at least a probability. Recall only falls as the threshold rises, so the
    /// sequence begins at the lowest score.
    /// </summary>
    /// <param name="scores">The score of the detection that matches each object; negative for an object that is not detected at any score.</param>
    /// <param name="target">The recall.</param>
    /// <param name="confidence">The probability that the recall holds.</param>
    public static ClassThreshold FindRecall(IReadOnlyList<double> scores, double target, double confidence)
    {
        double[] descending = [.. scores.Where(score => score >= 0).OrderDescending()];
        int count = scores.Count;
        int required = BinomialTest.RequiredCount(target, confidence);

        // The fewest detected objects that show the target; more detected objects have a smaller p-value.
        int needed = 0;
        (int low, int high) = (0, count + 1);
        while (low < high)
        {
            needed = (low + high) / 2;
            (low, high) = BinomialTest.UpperTail(needed, count, target) <= 1 - confidence ? (low, needed) : (needed + 1, high);
        }

        needed = low;
        if (needed > descending.Length || needed == 0)
        {
            return new ClassThreshold(null, descending.Length, count, BinomialTest.LowerBound(descending.Length, count, confidence), required);
        }

        // Scores must be above the threshold: half way to the next lower score, so that rounding of scores cannot lose the object.
        double last = descending[needed - 1];
        double next = descending.Skip(needed).FirstOrDefault(score => score < last, 0);
        double threshold = (last + next) / 2;
        int found = descending.Count(score => score > threshold);
        return new ClassThreshold(threshold, found, count, BinomialTest.LowerBound(found, count, confidence), required);
    }

    /// <summary>
    /// Finds the smallest threshold above which detections are correct with at least a probability. Precision need not rise with the threshold, and
    /// there may be too few detections at high thresholds, so a third of the images chooses where the sequence begins, and the others test it
    /// (split fixed-sequence testing).
    /// </summary>
    /// <param name="samples">The detections.</param>
    /// <param name="images">The number of images.</param>
    /// <param name="target">The precision.</param>
    /// <param name="confidence">The probability that the precision holds.</param>
    public static ClassThreshold FindPrecision(IReadOnlyList<ScoreSample> samples, int images, double target, double confidence)
    {
        int required = BinomialTest.RequiredCount(target, confidence);
        HashSet<int> first = [.. ImageFolds.Shuffle(images, Seed).Take(images / 3)];
        ScoreSample[] choose = [.. samples.Where(sample => first.Contains(sample.Image))];
        ScoreSample[] test = [.. samples.Where(sample => !first.Contains(sample.Image))];
        double[] byPromise = [.. Grid.Select(threshold => Promise(choose, threshold, target))];
        int start = Array.IndexOf(byPromise, byPromise.Min());
        double? best = null;
        for (int i = start; i >= 0; i--)
        {
            (int correct, int count) = Count(test, Grid[i]);
            if (BinomialTest.UpperTail(correct, count, target) > 1 - confidence)
            {
                break;
            }

            best = Grid[i];
        }

        (int successes, int total) = Count(test, best ?? Grid[start]);
        return new ClassThreshold(best, successes, total, BinomialTest.LowerBound(successes, total, confidence), required);
    }

    /// <summary>Returns the score of the detection that matches each object of a class; −1 for an object that none matches.</summary>
    public static IReadOnlyList<double> FindObjectScores(IReadOnlyList<DatasetImage> images, IReadOnlyList<IReadOnlyList<Detection>> detections, int label)
    {
        List<double> scores = [];
        for (int i = 0; i < images.Count; i++)
        {
            int objects = images[i].Objects.Count(item => !item.IsCrowd && item.Label == label);
            double[] found = [.. BoxMatcher.Match(images[i], [.. detections[i].Where(detection => detection.Label == label)])
                .Where(match => match.Truth is not null).Select(match => (double)match.Detection.Score)];
            scores.AddRange(found);
            scores.AddRange(Enumerable.Repeat(-1.0, objects - found.Length));
        }

        return scores;
    }

    // The p-value that the tested images would have if they were like the others: twice as many.
    private static double Promise(ScoreSample[] samples, double threshold, double target)
    {
        (int correct, int count) = Count(samples, threshold);
        return BinomialTest.UpperTail(2 * correct, 2 * count, target);
    }

    private static (int Correct, int Count) Count(ScoreSample[] samples, double threshold)
    {
        ScoreSample[] above = [.. samples.Where(sample => sample.Score > threshold)];
        return (above.Count(sample => sample.IsMatch), above.Length);
    }
}
