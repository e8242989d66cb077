using FocalSharp.Detections;

namespace FocalSharp.Models;

/// <summary>Translates a model's labels into a data set's, by class name, so that a COCO model can be judged on three of its classes.</summary>
public sealed class ClassMapping
{
    private readonly int[] _labels;

    /// <summary>Matches the names, ignoring case.</summary>
    /// <exception cref="FocalSharpException">No name is common to both.</exception>
    public ClassMapping(IReadOnlyList<string> model, IReadOnlyList<string> data)
    {
        _labels = [.. model.Select(name => data.ToList().FindIndex(other => string.Equals(name, other, StringComparison.OrdinalIgnoreCase)))];
        UnmatchedClasses = [.. data.Where(name => !model.Contains(name, StringComparer.OrdinalIgnoreCase))];
        if (UnmatchedClasses.Count == data.Count)
        {
            throw new FocalSharpException(
                $"The model knows none of the data's classes. Model: {FormatList(model)}. Data: {FormatList(data)}. Train on this data first, or name the classes alike.");
        }
    }

    /// <summary>The data's classes that the model does not know.</summary>
    public IReadOnlyList<string> UnmatchedClasses { get; }

    /// <summary>The detections under the data's labels; those of other classes are left out.</summary>
    public Detection[] Apply(IEnumerable<Detection> detections) =>
        [.. detections.Where(detection => _labels[detection.Label] >= 0).Select(detection => detection with { Label = _labels[detection.Label] })];

    private static string FormatList(IReadOnlyList<string> names)
    {
        const int Max = 12;
        return string.Join(", ", names.Take(Max)) + (names.Count > Max ? $" and {names.Count - Max} more" : "");
    }
}
