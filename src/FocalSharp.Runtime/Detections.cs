using System.Collections;
using System.Text.Json.Serialization;
using FocalSharp.Detections;
using FocalSharp.Notebooks;
using FocalSharp.Runtime.Json;

namespace FocalSharp.Runtime;

/// <summary>
/// The detections of one image, highest score first. <c>System.Text.Json</c> writes them as
/// <c>{"width": …, "height": …, "detections": [{"class", "label", "score", "box", "deviation_px"}, …]}</c>.
/// </summary>
[TypeFormatterSource(typeof(DetectionsFormatters), PreferredMimeTypes = [HtmlText.MimeType])]
[JsonConverter(typeof(DetectionsConverter))]
public sealed class Detections : IReadOnlyList<Detection>
{
    private readonly Detection[] _detections;

    /// <summary>Initializes a list of detections.</summary>
    /// <param name="found">The detections, in pixels of the image, highest score first. The array is not copied.</param>
    /// <param name="classes">Class names in label order.</param>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    public Detections(Detection[] found, IReadOnlyList<string> classes, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        (_detections, Classes, Width, Height) = (found, classes, width, height);
    }

    /// <summary>Gets the class names in label order.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Gets the width in pixels of the image, after its EXIF orientation.</summary>
    public int Width { get; }

    /// <summary>Gets the height in pixels of the image, after its EXIF orientation.</summary>
    public int Height { get; }

    /// <inheritdoc/>
    public int Count => _detections.Length;

    /// <inheritdoc/>
    public Detection this[int index] => (uint)index < (uint)_detections.Length
        ? _detections[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"There are {Count} detections, so indices are below {Count}.");

    /// <summary>Returns the detections as a span.</summary>
    public ReadOnlySpan<Detection> AsSpan() => _detections;

    /// <summary>Returns the name of a detection's class.</summary>
    /// <param name="detection">A detection of this model.</param>
    /// <exception cref="ArgumentOutOfRangeException">The label is not one of <see cref="Classes"/>.</exception>
    public string GetClassName(Detection detection) => detection.Label >= 0 && detection.Label < Classes.Count
        ? Classes[detection.Label]
        : throw new ArgumentOutOfRangeException(nameof(detection), detection.Label, $"The model has {Classes.Count} classes, so labels are below {Classes.Count}.");

    /// <inheritdoc/>
    public IEnumerator<Detection> GetEnumerator() => ((IEnumerable<Detection>)_detections).GetEnumerator();

    /// <summary>Returns a line such as <c>3 detections in 640x480: 2 dog, 1 cat</c>.</summary>
    public override string ToString() => Count == 0
        ? $"no detections in {Width}x{Height}"
        : $"{Quantity.Format(Count, "detection")} in {Width}x{Height}: " + string.Join(", ", _detections
            .GroupBy(GetClassName).OrderByDescending(group => group.Count()).Select(group => $"{group.Count()} {group.Key}"));

    IEnumerator IEnumerable.GetEnumerator() => _detections.GetEnumerator();
}
