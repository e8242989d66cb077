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

    /// <summary>Throws unless there are four coordinates per label, and every object is valid.</summary>
    /// <param name="boxes">Boxes <c>xyxy</c>, four numbers per object.</param>
    /// <param name="labels">The classes.</param>
    /// <param name="classes">The number of classes that are predicted; null if unknown.</param>
    /// <exception cref="ArgumentException">The lengths differ, or an object is not valid.</exception>
    public static void RequireObjects(ReadOnlySpan<float> boxes, ReadOnlySpan<int> labels, int? classes)
    {
        if (boxes.Length != 4 * (long)labels.Length)
        {
            throw new ArgumentException($"{labels.Length} labels need {4 * (long)labels.Length} box coordinates, but there are {boxes.Length}.", nameof(boxes));
        }

        CheckPixels(boxes);
        for (int k = 0; k < labels.Length; k++)
        {
            RequireObject(boxes, labels, k, classes);
        }
    }

    /// <summary>Throws unless there are predictions for every anchor; returns the number of predicted classes.</summary>
    /// <param name="grid">The anchors.</param>
    /// <param name="logits">Class logits <c>[C, anchors]</c>.</param>
    /// <param name="predicted">Boxes <c>[anchors, 4]</c>.</param>
    /// <exception cref="ArgumentException">The lengths do not match the number of anchors.</exception>
    public static int RequirePredictions(AnchorGrid grid, ReadOnlySpan<float> logits, ReadOnlySpan<float> predicted)
    {
        int anchors = grid.Count;
        int classes = anchors == 0 ? 0 : logits.Length / anchors;
        if (logits.Length != (long)classes * anchors || (classes == 0 && anchors > 0))
        {
            throw new ArgumentException($"'{nameof(logits)}' must have the shape [C, {anchors}], one row per class, but there are {logits.Length} values.", nameof(logits));
        }

        return predicted.Length == 4L * anchors
            ? classes
            : throw new ArgumentException($"'{nameof(predicted)}' must have the shape [{anchors}, 4], but there are {predicted.Length} values.", nameof(predicted));
    }

    /// <summary>Throws unless ignored boxes are finite and have their corners in order.</summary>
    /// <exception cref="ArgumentException">A box is not.</exception>
    public static void RequireIgnored(ReadOnlySpan<float> ignoredBoxes)
    {
        for (int i = 0; i < ignoredBoxes.Length; i += 4)
        {
            Box box = new(ignoredBoxes[i], ignoredBoxes[i + 1], ignoredBoxes[i + 2], ignoredBoxes[i + 3]);
            if (!box.IsFinite || box.Width < 0 || box.Height < 0)
            {
                throw new ArgumentException($"Ignored box {i / 4} of the image is not finite or inverted: {box}.", nameof(ignoredBoxes));
            }
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
