using System.Collections;
using FocalSharp.Detections;

namespace FocalSharp.Runtime;

/// <summary>What was found in one image, highest score first.</summary>
public sealed class Detections : IReadOnlyList<Detection>
{
    private readonly Detection[] _detections;

    /// <summary>Gathers detections.</summary>
    /// <param name="found">The detections, in pixels of the image, highest score first. The array is not copied.</param>
    /// <param name="classes">Class names in label order.</param>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    public Detections(Detection[] found, IReadOnlyList<string> classes, int width, int height) =>
        (_detections, Classes, Width, Height) = (found, classes, width, height);

    /// <summary>Class names in label order.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Width in pixels of the image that boxes refer to, after its EXIF orientation.</summary>
    public int Width { get; }

    /// <summary>Height in pixels of the image that boxes refer to, after its EXIF orientation.</summary>
    public int Height { get; }

    /// <inheritdoc/>
    public int Count => _detections.Length;

    /// <inheritdoc/>
    public Detection this[int index] => _detections[index];

    /// <summary>The detections as a span.</summary>
    public ReadOnlySpan<Detection> AsSpan() => _detections;

    /// <summary>The name of a detection's class.</summary>
    public string GetClassName(Detection detection) => Classes[detection.Label];

    /// <inheritdoc/>
    public IEnumerator<Detection> GetEnumerator() => ((IEnumerable<Detection>)_detections).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _detections.GetEnumerator();
}
