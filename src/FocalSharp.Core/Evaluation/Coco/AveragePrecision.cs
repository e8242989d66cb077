namespace FocalSharp.Evaluation.Coco;

/// <summary>Average precision of a list of correct and wrong detections, with the arithmetic of the reference COCOeval.</summary>
internal static class AveragePrecision
{
    private static readonly double[] Recalls = CocoEvaluationOptions.Linspace(0, 1, 101);

    /// <summary>Computes the average of the precision at 101 recalls.</summary>
    /// <param name="detections">The detections; among equal scores the earlier ranks first.</param>
    /// <param name="objects">Number of objects, above 0.</param>
    public static double Compute(IEnumerable<(double Score, bool IsRight)> detections, int objects)
    {
        bool[] right = [.. detections.OrderByDescending(one => one.Score).Select(one => one.IsRight)];
        double[] precision = new double[right.Length];
        double[] recall = new double[right.Length];
        double found = 0;
        for (int i = 0; i < right.Length; i++)
        {
            found += right[i] ? 1 : 0;
            precision[i] = found / (i + 1);
            recall[i] = found / objects;
        }

        for (int i = right.Length - 1; i > 0; i--)
        {
            precision[i - 1] = Math.Max(precision[i - 1], precision[i]);
        }

        double sum = 0;
        int at = 0;
        foreach (double wanted in Recalls)
        {
            while (at < recall.Length && recall[at] < wanted)
            {
                at++;
            }

            sum += at < recall.Length ? precision[at] : 0;
        }

        return sum / Recalls.Length;
    }
}
