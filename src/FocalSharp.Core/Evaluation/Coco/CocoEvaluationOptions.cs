namespace FocalSharp.Evaluation.Coco;

/// <summary>Settings of COCO evaluation; the defaults are those of the reference COCOeval for boxes.</summary>
public sealed record CocoEvaluationOptions
{
    /// <summary>The most IoU thresholds that one evaluation takes.</summary>
    public const int MaxThresholds = 64;

    /// <summary>IoU thresholds, ascending, at most 64 (COCO: 0.50, 0.55, …, 0.95).</summary>
    public IReadOnlyList<double> IouThresholds { get; init; } = Linspace(0.5, 0.95, 10);

    /// <summary>Recalls at which precision is read, ascending (COCO: 0, 0.01, …, 1).</summary>
    public IReadOnlyList<double> RecallThresholds { get; init; } = Linspace(0, 1, 101);

    /// <summary>Area ranges (COCO: all, small, medium, large).</summary>
    public IReadOnlyList<AreaRange> AreaRanges { get; init; } = AreaRange.Coco;

    /// <summary>Numbers of detections that count per image and category, ascending (COCO: 1, 10, 100).</summary>
    public IReadOnlyList<int> MaxDetections { get; init; } = [1, 10, 100];

    /// <summary>
    /// False pools all categories into one, as proposals are judged (the reference's <c>useCats = 0</c>); detections then count
    /// per image.
    /// </summary>
    public bool UseCategories { get; init; } = true;

    /// <summary>The images to judge; null for all of the ground truth's.</summary>
    public IReadOnlyCollection<long>? ImageIds { get; init; }

    /// <summary>The categories to judge; null for all of the ground truth's.</summary>
    public IReadOnlyCollection<int>? CategoryIds { get; init; }

    /// <summary>
    /// True leaves out results whose category the ground truth does not know, as the reference silently does. The default makes
    /// them an error, since most often a class mapping is wrong.
    /// </summary>
    public bool IgnoreUnknownCategories { get; init; }

    /// <summary>Threads to use; −1 for as many as there are cores. The numbers do not depend on it.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>Evenly spaced numbers, computed as NumPy does, so that thresholds are equal to the last bit.</summary>
    /// <param name="start">The first.</param>
    /// <param name="stop">The last.</param>
    /// <param name="count">How many, at least 2.</param>
    public static double[] Linspace(double start, double stop, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        double step = (stop - start) / (count - 1);
        double[] values = [.. Enumerable.Range(0, count).Select(i => (i * step) + start)];
        values[^1] = stop;
        return values;
    }

    /// <summary>Throws where a setting is impossible.</summary>
    /// <exception cref="FocalSharpException">A list is empty, out of order or out of range.</exception>
    internal void Validate()
    {
        RequireAscending(IouThresholds, "IoU thresholds", 0, 1);
        RequireAscending(RecallThresholds, "recall thresholds", 0, 1);
        RequireAscending([.. MaxDetections.Select(n => (double)n)], "detections per image", 1, int.MaxValue);
        if (IouThresholds.Count > MaxThresholds)
        {
            throw new FocalSharpException(
                $"evaluation: {IouThresholds.Count} IoU thresholds given; at most {MaxThresholds} " +
                "are possible.");
        }

        if (AreaRanges.Count == 0 || AreaRanges.Any(range => !(range.Min <= range.Max)))
        {
            throw new FocalSharpException("evaluation: area ranges must not be empty, and each must end above its start.");
        }
    }

    private static void RequireAscending(IReadOnlyList<double> values, string what, double min, double max)
    {
        bool fine = values.Count > 0 && values.All(value => value >= min && value <= max);
        for (int i = 1; fine && i < values.Count; i++)
        {
            fine = values[i] > values[i - 1];
        }

        if (!fine)
        {
            throw new FocalSharpException($"evaluation: {what} must be ascending numbers from {min} to {max}; give at least one.");
        }
    }
}
