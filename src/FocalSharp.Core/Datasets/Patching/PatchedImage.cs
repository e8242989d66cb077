using System.Globalization;
using FocalSharp.Boxes;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Patching;

/// <summary>The objects of one image while edits are applied to it.</summary>
/// <param name="image">The image.</param>
internal sealed class PatchedImage(DatasetImage image)
{
    // Two boxes of a class that overlap more are the same object, whose label was changed since.
    private const float SameObjectIou = 0.5f;

    private readonly List<PatchedObject> _objects = [.. image.Objects.Select(item => new PatchedObject(item, LabelState.Original))];

    /// <summary>Gets the objects.</summary>
    public IReadOnlyList<PatchedObject> Objects => _objects;

    /// <summary>Returns the image with the objects.</summary>
    public DatasetImage ToImage() => image with { Objects = [.. _objects.Select(one => one.Annotation)] };

    /// <summary>Applies an edit.</summary>
    /// <param name="edit">The edit.</param>
    /// <param name="classes">The class names of the data set.</param>
    /// <param name="nextId">The next free id of an object.</param>
    /// <param name="isChange">Whether the edit changed something; false if the image agreed with it already.</param>
    /// <returns>Why the edit cannot be applied; null if it was.</returns>
    public string? Apply(LabelEdit edit, IReadOnlyList<string> classes, ref long nextId, out bool isChange)
    {
        isChange = false;
        int label = -1;
        Box box = default;
        if (edit.After is { } after && ((label = FindClass(classes, after.Class)) < 0 || !TryClip(after.Box, out box)))
        {
            return label < 0 ? $"the data set has no class '{ProblemLog.Sanitize(after.Class)}'" : "the new box is outside the image";
        }

        bool isDone = edit.After is not null && Find(label, box) >= 0;
        if (edit.Before is not { } before)
        {
            if (!isDone)
            {
                _objects.Add(new PatchedObject(new ObjectAnnotation { Id = nextId++, Label = label, Box = box, Area = box.Area }, LabelState.Added));
                isChange = true;
            }

            return null;
        }

        int old = FindClass(classes, before.Class);
        int at = old < 0 ? -1 : Find(old, before.Box);
        if (at < 0)
        {
            return isDone || (edit.After is null && !_objects.Any(one => one.Annotation.Label == old && !one.Annotation.IsCrowd && BoxIou.Iou(one.Annotation.Box, before.Box) > SameObjectIou))
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"no label '{ProblemLog.Sanitize(before.Class)}' at {before.Box.X1:0.#}, {before.Box.Y1:0.#}, {before.Box.X2:0.#}, {before.Box.Y2:0.#}; it may have been changed since");
        }

        isChange = true;
        if (edit.After is null)
        {
            _objects.RemoveAt(at);
        }
        else
        {
            PatchedObject found = _objects[at];
            bool isMoved = found.Annotation.Box != box;
            _objects[at] = new PatchedObject(
                found.Annotation with { Label = label, Box = box, Area = isMoved ? box.Area : found.Annotation.Area, SideBlur = isMoved ? null : found.Annotation.SideBlur },
                found.State == LabelState.Added ? LabelState.Added : LabelState.Changed);
        }

        return null;
    }

    // The label whose worst edge is nearest.
    private int Find(int label, Box box)
    {
        (int at, float best) = (-1, LabelPatcher.Tolerance);
        for (int i = 0; i < _objects.Count; i++)
        {
            ObjectAnnotation item = _objects[i].Annotation;
            float distance = Math.Max(
                Math.Max(Math.Abs(item.Box.X1 - box.X1), Math.Abs(item.Box.Y1 - box.Y1)),
                Math.Max(Math.Abs(item.Box.X2 - box.X2), Math.Abs(item.Box.Y2 - box.Y2)));
            if (!item.IsCrowd && item.Label == label && distance <= best && (at < 0 || distance < best))
            {
                (at, best) = (i, distance);
            }
        }

        return at;
    }

    private bool TryClip(Box box, out Box clipped)
    {
        clipped = new Box(Math.Max(0, box.X1), Math.Max(0, box.Y1), Math.Min(image.Width, box.X2), Math.Min(image.Height, box.Y2));
        return clipped.X2 > clipped.X1 && clipped.Y2 > clipped.Y1;
    }

    private static int FindClass(IReadOnlyList<string> classes, string name)
    {
        int exact = classes.ToList().IndexOf(name);
        return exact >= 0 ? exact : classes.ToList().FindIndex(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase));
    }
}

/// <summary>An object with what the edits did to it.</summary>
/// <param name="Annotation">The object.</param>
/// <param name="State">Where it comes from.</param>
internal sealed record PatchedObject(ObjectAnnotation Annotation, LabelState State);

/// <summary>Where a label comes from.</summary>
internal enum LabelState
{
    /// <summary>From the annotations.</summary>
    Original,

    /// <summary>From the annotations, with another class or box.</summary>
    Changed,

    /// <summary>From the patch.</summary>
    Added,
}
