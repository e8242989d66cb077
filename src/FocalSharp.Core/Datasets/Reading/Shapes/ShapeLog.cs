namespace FocalSharp.Datasets.Reading.Shapes;

/// <summary>
/// Counts the shapes that are not upright boxes, so that each kind of shape is reported once per data set, with its count and first place.
/// </summary>
internal sealed class ShapeLog
{
    private readonly Dictionary<string, (int Count, string File, string? Image, int? Object)> _counts = [];

    /// <summary>Counts a shape that was replaced by its enclosing upright box.</summary>
    /// <param name="shapes">The shape's name in the plural, for example "polygons".</param>
    /// <param name="file">The annotation file.</param>
    /// <param name="image">The image, or null.</param>
    /// <param name="position">The object's position in its image, or null.</param>
    public void AddEnclosed(string shapes, string file, string? image, int? position = null) =>
        _counts[shapes] = _counts.TryGetValue(shapes, out var known) ? known with { Count = known.Count + 1 } : (1, file, image, position);

    /// <summary>Adds one problem for each kind of shape.</summary>
    public void Report(ProblemLog log)
    {
        foreach ((string shapes, (int count, string file, string? image, int? position)) in _counts)
        {
            log.Add(
                DatasetProblemKind.ConvertedShape,
                file,
                $"{shapes} were replaced by their enclosing upright boxes ({count}; this is the first)",
                "nothing to do if upright boxes are intended",
                image,
                position);
        }

        _counts.Clear();
    }
}
