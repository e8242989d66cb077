using FocalSharp.Boxes;

namespace FocalSharp.Detections;

/// <summary>Detections as rows of numbers, which processes exchange. Quantiles, distributions and intervals are left out.</summary>
internal static class DetectionRows
{
    /// <summary>The numbers of a detection: box, label, score, deviations, means and disagreements (NaN without).</summary>
    public const int Columns = 18;

    /// <summary>Appends the rows of detections.</summary>
    public static void Append(List<float> values, IReadOnlyList<Detection> detections)
    {
        foreach (Detection detection in detections)
        {
            values.AddRange([detection.Box.X1, detection.Box.Y1, detection.Box.X2, detection.Box.Y2, detection.Label, detection.Score]);
            AppendSides(values, detection.Deviation);
            AppendSides(values, detection.Mean);
            AppendSides(values, detection.Disagreement ?? new SideValues(float.NaN, float.NaN, float.NaN, float.NaN));
        }
    }

    /// <summary>Returns the detections of consecutive rows.</summary>
    /// <param name="rows">A multiple of <see cref="Columns"/> numbers.</param>
    public static Detection[] Read(ReadOnlySpan<float> rows)
    {
        Detection[] detections = new Detection[rows.Length / Columns];
        for (int i = 0; i < detections.Length; i++, rows = rows[Columns..])
        {
            detections[i] = new Detection(new Box(rows[0], rows[1], rows[2], rows[3]), (int)rows[4], rows[5], ReadSides(rows[6..]))
            {
                Mean = ReadSides(rows[10..]),
                Disagreement = float.IsNaN(rows[14]) ? null : ReadSides(rows[14..]),
            };
        }

        return detections;
    }

    private static void AppendSides(List<float> values, SideValues sides) => values.AddRange([sides.Left, sides.Top, sides.Right, sides.Bottom]);

    private static SideValues ReadSides(ReadOnlySpan<float> values) => new(values[0], values[1], values[2], values[3]);
}
