namespace FocalSharp.Evaluation.Coco;

/// <summary>
/// Precision, recall and score arrays in the layout of the reference COCOeval: T IoU thresholds, R recall thresholds, K
/// categories, A area ranges, M detection limits, the last fastest. −1 marks values that are undefined because there are no objects.
/// </summary>
internal sealed class CocoArrays
{
    private readonly CocoEvaluationOptions _options;

    internal CocoArrays(CocoEvaluationOptions options, IReadOnlyList<CocoCategory> categories)
    {
        _options = options;
        Categories = categories;
        int cells = options.IouThresholds.Count * categories.Count * options.AreaRanges.Count * options.MaxDetections.Count;
        Recall = Undefined(cells);
        Precision = Undefined(checked(cells * options.RecallThresholds.Count));
        Scores = Undefined(Precision.Length);
    }

    /// <summary>Gets the categories, by id; a single one of id −1 if they were pooled.</summary>
    public IReadOnlyList<CocoCategory> Categories { get; }

    /// <summary>Gets the interpolated precision <c>[T, R, K, A, M]</c>.</summary>
    public double[] Precision { get; }

    /// <summary>Gets the highest recall <c>[T, K, A, M]</c>.</summary>
    public double[] Recall { get; }

    /// <summary>Gets the score at which each recall is reached <c>[T, R, K, A, M]</c>.</summary>
    public double[] Scores { get; }

    /// <summary>Returns the position in <see cref="Precision"/> and <see cref="Scores"/>.</summary>
    public int PrecisionOffset(int threshold, int recall, int category, int area, int maxDetections) =>
        Offset((threshold * _options.RecallThresholds.Count) + recall, category, area, maxDetections);

    /// <summary>Returns the position in <see cref="Recall"/>.</summary>
    public int RecallOffset(int threshold, int category, int area, int maxDetections) =>
        Offset(threshold, category, area, maxDetections);

    /// <summary>
    /// Returns the average precision: the mean of all defined precisions of a slice, −1 if there are none, or if the options do not include the slice
    /// (such as 100 detections when the limits were 1, 3 and 5).
    /// </summary>
    /// <param name="iou">One IoU threshold, or null for the mean over all.</param>
    /// <param name="area">Name of the area range.</param>
    /// <param name="maxDetections">Limit of detections per image; null for the highest.</param>
    /// <param name="category">Position in <see cref="Categories"/>, or null for the mean over all.</param>
    public double AveragePrecision(double? iou = null, string area = "all", int? maxDetections = null, int? category = null)
    {
        int recalls = _options.RecallThresholds.Count;
        return Mean(Precision, recalls, iou, area, maxDetections, category);
    }

    /// <summary>
    /// Returns the average recall: the mean of all defined recalls of a slice, −1 if there are none; see <see cref="AveragePrecision"/>.
    /// </summary>
    /// <param name="iou">One IoU threshold, or null for the mean over all.</param>
    /// <param name="area">Name of the area range.</param>
    /// <param name="maxDetections">Limit of detections per image; null for the highest.</param>
    /// <param name="category">Position in <see cref="Categories"/>, or null for the mean over all.</param>
    public double AverageRecall(double? iou = null, string area = "all", int? maxDetections = null, int? category = null) =>
        Mean(Recall, 1, iou, area, maxDetections, category);

    /// <summary>Returns the position of an IoU threshold in the options, or −1.</summary>
    public int ThresholdIndex(double iou)
    {
        for (int t = 0; t < _options.IouThresholds.Count; t++)
        {
            if (Math.Abs(_options.IouThresholds[t] - iou) < 1e-9)
            {
                return t;
            }
        }

        return -1;
    }

    private double Mean(double[] values, int perThreshold, double? iou, string area, int? maxDetections, int? category)
    {
        int a = IndexOf(_options.AreaRanges, range => range.Name == area);
        int m = maxDetections is int limit ? IndexOf(_options.MaxDetections, n => n == limit) : _options.MaxDetections.Count - 1;
        int firstThreshold = iou is double threshold ? ThresholdIndex(threshold) : 0;
        if (a < 0 || m < 0 || firstThreshold < 0)
        {
            return -1;
        }

        int endThreshold = iou is null ? _options.IouThresholds.Count : firstThreshold + 1;
        int firstCategory = category ?? 0;
        int endCategory = category is null ? Categories.Count : firstCategory + 1;
        double sum = 0;
        long defined = 0;
        for (int row = firstThreshold * perThreshold; row < endThreshold * perThreshold; row++)
        {
            double rowSum = 0;
            for (int k = firstCategory; k < endCategory; k++)
            {
                double value = values[Offset(row, k, a, m)];
                if (value > -1)
                {
                    rowSum += value;
                    defined++;
                }
            }

            sum += rowSum;
        }

        return defined == 0 ? -1 : sum / defined;
    }

    private int Offset(int row, int category, int area, int maxDetections) =>
        (((((row * Categories.Count) + category) * _options.AreaRanges.Count) + area) * _options.MaxDetections.Count)
        + maxDetections;

    private static int IndexOf<T>(IReadOnlyList<T> values, Func<T, bool> wanted)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (wanted(values[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static double[] Undefined(int count)
    {
        double[] values = new double[count];
        Array.Fill(values, -1);
        return values;
    }
}
