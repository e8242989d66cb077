using FocalSharp.Boxes;

namespace FocalSharp.Assignment;

/// <summary>Checks the objects that an assigner receives.</summary>
internal static class AssignmentGuard
{
    /// <summary>If values are checked, throws if boxes seem to be fractions of the image instead of pixels.</summary>
    /// <exception cref="ArgumentException">No coordinate exceeds 1, and some are not whole.</exception>
    public static void CheckPixels(ReadOnlySpan<float> boxes)
    {
        if (!ValueChecks.AreEnabled || boxes.IsEmpty)
        {
            return;
        }

        bool hasFraction = false;
        foreach (float coordinate in boxes)
        {
            if (coordinate is not (>= 0 and <= 1))
            {
                return;
            }

            hasFraction |= !float.IsInteger(coordinate);
        }

        if (hasFraction)
        {
            throw new ArgumentException("No coordinate of the boxes exceeds 1: they seem to be fractions of the image. Boxes are x1, y1, x2, y2 in pixels of the input.", nameof(boxes));
        }
    }

    /// <summary>Throws unless an object has a finite box with its corners in order, and a class.</summary>
    /// <param name="boxes">Boxes <c>xyxy</c>, four numbers per object.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="position">The object's position in the image, for messages.</param>
    /// <param name="classes">The number of classes that are predicted; null if unknown.</param>
    /// <exception cref="ArgumentException">It has not.</exception>
    public static void RequireObject(ReadOnlySpan<float> boxes, ReadOnlySpan<int> labels, int position, int? classes = null)
    {
        Box box = new(boxes[4 * position], boxes[(4 * position) + 1], boxes[(4 * position) + 2], boxes[(4 * position) + 3]);
        int label = labels[position];
        if (!box.IsFinite)
        {
            throw new ArgumentException($"Object {position} of the image has a box that is not finite: {box}. Fix or remove it before training.", nameof(boxes));
        }

        if (box.Width < 0 || box.Height < 0)
        {
            throw new ArgumentException($"Object {position} of the image has an inverted box: {box}. Boxes are x1, y1, x2, y2 in pixels with x1 ≤ x2 and y1 ≤ y2.", nameof(boxes));
        }

        if (label < 0 || label >= classes)
        {
            throw new ArgumentException(
                $"Object {position} of the image has the label {label}. Labels are class indices from 0{(classes is { } count ? $" to {count - 1}" : "")}.", nameof(labels));
        }
    }
}
