namespace FocalSharp.Evaluation.Coco;

/// <summary>Options of the COCO evaluation; the defaults are those of the reference COCOeval for boxes.</summary>
public sealed record CocoEvaluationOptions
{
    /// <summary>The maximum number of IoU thresholds.</summary>
    public const int MaxThresholds = 64;

    /// <summary>Gets the IoU thresholds, ascending, at most 64 (COCO: 0.50, 0.55, …, 0.95).</summary>
    public IReadOnlyList<double> IouThresholds { get; init; } = Linspace(0.5, 0.95, 10);

    /// <summary>Gets the recalls at which precision is evaluated, ascending (COCO: 0, 0.01, …, 1).</summary>
    public IReadOnlyList<double> RecallThresholds { get; init; } = Linspace(0, 1, 101);

    /// <summary>Gets the area ranges (COCO: all, small, medium, large).</summary>
    public IReadOnlyList<AreaRange> AreaRanges { get; init; } = AreaRange.Coco;

    /// <summary>Gets the limits of detections per image and category, ascending (COCO: 1, 10, 100).</summary>
    public IReadOnlyList<int> MaxDetections { get; init; } = [1, 10, 100];

    /// <summary>
    /// Gets whether classes are evaluated separately (default). False pools all categories, as for proposals (the reference's <c>useCats = 0</c>);
    /// the limits then apply per image.
    /// </summary>
    public bool UseCategories { get; init; } = true;

    /// <summary>Gets the ids of the images to evaluate; null for all in the ground truth.</summary>
    public IReadOnlyCollection<long>? ImageIds { get; init; }

    /// <summary>Gets the ids of the categories to evaluate; null for all in the ground truth.</summary>
    public IReadOnlyCollection<int>? CategoryIds { get; init; }

    /// <summary>
    /// Gets whether results of categories that the ground truth does not contain are ignored, as in the reference. By default they are
    /// an error, because the class mapping is usually wrong.
    /// </summary>
    public bool IgnoreUnknownCategories { get; init; }

    /// <summary>
    /// Gets whether a detection that matches an annotation of id 0 counts as unmatched, as in the reference, which marks "unmatched" by 0
    /// (cocoapi issues 332 and 507). False by default: the detection is right.
    /// </summary>
    public bool ZeroIdIsUnmatched { get; init; }

    /// <summary>
    /// Gets the images and categories whose objects are not all annotated, so that detections without a match are ignored (LVIS); null for none.
    /// </summary>
    internal IReadOnlySet<(long ImageId, int CategoryId)>? NotExhaustive { get; init; }

    /// <summary>Gets the number of threads; −1 for one per core. The results do not depend on it.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>Returns evenly spaced numbers, computed like NumPy, so that thresholds are identical to the last bit.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="stop">The last number.</param>
    /// <param name="count">The count, at least 2.</param>
    public static double[] Linspace(double start, double stop, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        double step = (stop - start) / (count - 1);
        double[] values = [.. Enumerable.Range(0, count).Select(i => (i * step) + start)];
        values[^1] = stop;
        return values;
    }

    /// <summary>Returns whether detections without a match are ignored in a cell.</summary>
    internal bool IgnoresUnmatched(EvaluationIndex index, in EvaluationCell cell) =>
        NotExhaustive is not null && NotExhaustive.Contains((index.ImageIds[cell.Image], index.Categories[cell.Category].Id));

    /// <summary>Validates the options.</summary>
    /// <exception cref="OptionException">A list is empty, not ascending or out of range.</exception>
    internal void Validate()
    {
        RequireAscending(IouThresholds, nameof(IouThresholds), 0, 1);
        RequireAscending(RecallThresholds, nameof(RecallThresholds), 0, 1);
        RequireAscending([.. MaxDetections.Select(n => (double)n)], nameof(MaxDetections), 1, int.MaxValue);
        if (IouThresholds.Count > MaxThresholds)
        {
            throw new OptionException($"Evaluation: {IouThresholds.Count} IoU thresholds; the maximum is {MaxThresholds}.") { OptionName = nameof(IouThresholds) };
        }

        if (AreaRanges.Count == 0 || AreaRanges.Any(range => !(range.Min <= range.Max)))
        {
            throw new OptionException("Evaluation: there must be at least one area range, and its maximum must not be below its minimum.") { OptionName = nameof(AreaRanges) };
        }
    }

    private static void RequireAscending(IReadOnlyList<double> values, string name, double min, double max)
    {
        bool valid = values.Count > 0 && values.All(value => value >= min && value <= max);
        for (int i = 1; valid && i < values.Count; i++)
        {
            valid = values[i] > values[i - 1];
        }

        if (!valid)
        {
            throw new OptionException($"Evaluation: {name} must be at least one number, ascending, from {min} to {max}.") { OptionName = name };
        }
    }
}
