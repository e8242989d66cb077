using FocalSharp.Detections;

namespace FocalSharp.Models;

/// <summary>Maps a model's labels to a data set's by class name, ignoring case, so that a COCO model can be evaluated on three of its classes.</summary>
internal sealed class ClassMapping
{
    private readonly int[] _labels;

    /// <summary>Matches the names.</summary>
    /// <param name="model">The model's class names in label order.</param>
    /// <param name="dataset">The data set's class names in label order.</param>
    /// <exception cref="DatasetException">No name is in both lists.</exception>
    public ClassMapping(IReadOnlyList<string> model, IReadOnlyList<string> dataset)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        _labels = [.. model.Select(name => dataset.ToList().FindIndex(other => string.Equals(name, other, StringComparison.OrdinalIgnoreCase)))];
        UnmatchedClasses = [.. dataset.Where(name => !model.Contains(name, StringComparer.OrdinalIgnoreCase))];
        if (UnmatchedClasses.Count == dataset.Count)
        {
            throw new DatasetException(
                $"None of the data set's classes is a class of the model. Model: {FormatList(model)}. Data set: {FormatList(dataset)}. "
                + "Train on this data set first, or give the classes the same names.");
        }
    }

    /// <summary>Gets the data set's classes that the model does not have.</summary>
    public IReadOnlyList<string> UnmatchedClasses { get; }

    /// <summary>Returns the detections with the data set's labels; detections of other classes are left out.</summary>
    /// <param name="detections">The model's detections.</param>
    public Detection[] Apply(IEnumerable<Detection> detections) =>
        [.. detections.Where(detection => _labels[detection.Label] >= 0).Select(detection => detection with { Label = _labels[detection.Label] })];

    private static string FormatList(IReadOnlyList<string> names)
    {
        const int Max = 12;
        return string.Join(", ", names.Take(Max)) + (names.Count > Max ? $" and {names.Count - Max} more" : "");
    }
}
