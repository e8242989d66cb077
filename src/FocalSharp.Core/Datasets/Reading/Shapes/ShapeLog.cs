namespace FocalSharp.Datasets.Reading.Shapes;

/// <summary>
/// Counts the shapes that are not upright boxes, so that each kind of shape is reported once per data set, with its count and first place.
/// </summary>
internal sealed class ShapeLog
{
    private readonly Dictionary<string, (int Count, string File, string? Image, int? Object)> _counts = [];
    private readonly Dictionary<string, (int Count, string File, string? Image, int? Object)> _skipped = [];

    /// <summary>Counts a shape that was replaced by its enclosing upright box.</summary>
    /// <param name="shapes">The shape's name in the plural, for example "polygons".</param>
    /// <param name="file">The annotation file.</param>
    /// <param name="image">The image, or null.</param>
    /// <param name="position">The object's position in its image, or null.</param>
    public void AddEnclosed(string shapes, string file, string? image, int? position = null) =>
        _counts[shapes] = _counts.TryGetValue(shapes, out var known) ? known with { Count = known.Count + 1 } : (1, file, image, position);

    /// <summary>Counts a shape that outlines no object, such as a line, and was skipped.</summary>
    public void AddSkipped(string shapes, string file, string? image, int? position = null) =>
        _skipped[shapes] = _skipped.TryGetValue(shapes, out var known) ? known with { Count = known.Count + 1 } : (1, file, image, position);

    /// <summary>Adds one problem for each kind of shape.</summary>
    public void Report(ProblemLog log)
    {
        foreach ((string shapes, (int count, string file, string? image, int? position)) in _counts)
        {
            log.Add(
                DatasetProblemKind.ConvertedShape,
                file,
                $"{shapes} were replaced by their enclosing upright boxes ({count}; this is the first)",
                "nothing to do if upright boxes are intended: masks, angles and keypoints are not predicted",
                image,
                position);
        }

        foreach ((string shapes, (int count, string file, string? image, int? position)) in _skipped)
        {
            log.Add(
                DatasetProblemKind.SkippedShape,
                file,
                $"{shapes} were skipped: they do not outline an object ({count}; this is the first)",
                "draw boxes or polygons if these objects are to be detected",
                image,
                position);
        }

        _counts.Clear();
        _skipped.Clear();
    }
}
