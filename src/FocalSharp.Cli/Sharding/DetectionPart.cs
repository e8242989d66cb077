using FocalSharp.Detections;
using FocalSharp.Detections.Calibration;

namespace FocalSharp.Cli.Sharding;

/// <summary>What a model found in the images of one part.</summary>
internal sealed record DetectionPart : IPart
{
    private const int Columns = DetectionRows.Columns + 1; // and the number of the detection's intervals, -1 without

    /// <summary>Gets the seconds that the part took.</summary>
    public double Seconds { get; init; }

    /// <summary>Gets the short side of the network's input.</summary>
    public int InputSide { get; init; }

    /// <summary>Gets the intervals of a calibrated model's groups.</summary>
    public IReadOnlyList<IntervalRow> Intervals { get; init; } = [];

    /// <summary>Gets the images in order.</summary>
    public required IReadOnlyList<DetectedImage> Images { get; init; }

    /// <summary>Creates a part.</summary>
    /// <param name="images">The images; their rows are filled in.</param>
    /// <param name="detections">The detections of each image.</param>
    public static DetectionPart Create(IReadOnlyList<DetectedImage> images, IReadOnlyList<IReadOnlyList<Detection>> detections)
    {
        Dictionary<IntervalRow, int> intervals = new(ReferenceEqualityComparer.Instance);
        return new DetectionPart
        {
            Images = [.. images.Zip(detections, (image, found) => image with { Rows = [.. found.Select(ToRow)] })],
            Intervals = [.. intervals.OrderBy(pair => pair.Value).Select(pair => pair.Key)],
        };

        float[] ToRow(Detection detection)
        {
            int number = -1;
            if (detection.Intervals is { } row && !intervals.TryGetValue(row, out number))
            {
                intervals[row] = number = intervals.Count;
            }

            List<float> values = new(Columns);
            DetectionRows.Append(values, [detection]);
            return [.. values, number];
        }
    }

    int IPart.Count => Images.Count;

    void IPart.Validate()
    {
        if (!Images.SelectMany(image => image.Rows).All(row => row.Length == Columns && row[^1] >= -1 && row[^1] < Intervals.Count))
        {
            throw new InvalidDataException("The rows of detections are damaged.");
        }
    }

    /// <summary>Returns the detections of an image of a valid part.</summary>
    public Detection[] GetDetections(DetectedImage image) =>
        [.. image.Rows.Select(row => DetectionRows.Read(row.AsSpan(0, DetectionRows.Columns))[0] with { Intervals = row[^1] < 0 ? null : Intervals[(int)row[^1]] })];
}
