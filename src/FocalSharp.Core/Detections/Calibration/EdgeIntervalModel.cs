namespace FocalSharp.Detections.Calibration;

/// <summary>Calibrates the deviations of edges and provides their intervals.</summary>
/// <param name="Scale">The expected size of an error.</param>
/// <param name="Factor">Calibrated deviation over scale.</param>
/// <param name="All">The intervals of classes and sizes that have none of their own.</param>
/// <param name="ByClass">The intervals of classes with enough examples, by label.</param>
/// <param name="BySize">
/// The intervals of small, medium and large boxes (COCO's areas) of a model with one class, null where there are too few examples; empty otherwise.
/// </param>
internal sealed record EdgeIntervalModel(
    DeviationScale Scale, double Factor, IntervalRow All, IReadOnlyDictionary<int, IntervalRow> ByClass, IReadOnlyList<IntervalRow?> BySize)
{
    /// <summary>The areas in square pixels at which COCO's medium and large objects begin.</summary>
    private const float MediumArea = 32 * 32;
    private const float LargeArea = 96 * 96;

    /// <summary>Returns the size group of a box: 0 small, 1 medium, 2 large.</summary>
    public static int SizeGroup(in Detection detection) => detection.Box.Area < MediumArea ? 0 : detection.Box.Area < LargeArea ? 1 : 2;

    /// <summary>Returns the intervals of a detection's group.</summary>
    public IntervalRow FindRow(in Detection detection) =>
        ByClass.TryGetValue(detection.Label, out IntervalRow? ofClass) ? ofClass
        : BySize.Count > 0 && BySize[SizeGroup(detection)] is { } ofSize ? ofSize
        : All;

    /// <summary>Returns a detection with calibrated deviations and its intervals.</summary>
    public Detection Apply(in Detection detection) => detection with { Deviation = Scale.Compute(detection, Factor), Intervals = FindRow(detection) };
}
