using FocalSharp.Boxes;

namespace FocalSharp.Detections.Calibration;

/// <summary>The widths of the intervals of one group of detections, in calibrated deviations.</summary>
/// <param name="Levels">The levels, ascending.</param>
/// <param name="Edge">Half width of an edge's interval for each level; infinite if there were too few examples.</param>
/// <param name="Box">Half width for all four edges at once.</param>
/// <param name="Shift">Center of the interval of each side relative to the predicted edge.</param>
/// <param name="Boxes">The number of examples of the group.</param>
internal sealed record IntervalRow(
    IReadOnlyList<double> Levels, IReadOnlyList<double> Edge, IReadOnlyList<double> Box, IReadOnlyList<double> Shift, int Boxes)
{
    /// <summary>Returns the interval of a calibrated detection; null if there were too few examples for the level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The model was not calibrated for the level.</exception>
    public BoxInterval? Find(in Detection detection, double level)
    {
        int i = 0;
        while (i < Levels.Count && Math.Abs(Levels[i] - level) > 1e-9)
        {
            i++;
        }

        if (i == Levels.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, $"The model is calibrated for the levels {string.Join(", ", Levels)}.");
        }

        if (!double.IsFinite(Edge[i]))
        {
            return null;
        }

        (SideValues lower, SideValues upper) = Bounds(detection, Edge[i]);
        if (!double.IsFinite(Box[i]))
        {
            return new BoxInterval(level, lower, upper, null, null);
        }

        (SideValues low, SideValues high) = Bounds(detection, Box[i]);
        Box inner = new(high.Left, high.Top, low.Right, low.Bottom);
        return new BoxInterval(level, lower, upper, inner.IsEmpty ? null : inner, new Box(low.Left, low.Top, high.Right, high.Bottom));
    }

    private (SideValues Lower, SideValues Upper) Bounds(in Detection detection, double half)
    {
        SideValues deviation = detection.Deviation;
        Box box = detection.Box;
        return (
            new SideValues(
                (float)(box.X1 + (deviation.Left * (Shift[0] - half))), (float)(box.Y1 + (deviation.Top * (Shift[1] - half))),
                (float)(box.X2 + (deviation.Right * (Shift[2] - half))), (float)(box.Y2 + (deviation.Bottom * (Shift[3] - half)))),
            new SideValues(
                (float)(box.X1 + (deviation.Left * (Shift[0] + half))), (float)(box.Y1 + (deviation.Top * (Shift[1] + half))),
                (float)(box.X2 + (deviation.Right * (Shift[2] + half))), (float)(box.Y2 + (deviation.Bottom * (Shift[3] + half)))));
    }
}
