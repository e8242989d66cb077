using FocalSharp.Detections;
using FocalSharp.Imaging;

namespace FocalSharp.Serving.Models;

/// <summary>
/// A detector as the service sees it: images are prepared on request threads and run together. Calls come from many threads.
/// </summary>
public interface IDetectionModel
{
    /// <summary>What it says of itself.</summary>
    ModelDescription Description { get; }

    /// <summary>Decodes and resizes an encoded image for a later run.</summary>
    /// <param name="encoded">A file's bytes, of bounded size.</param>
    /// <param name="name">What messages call the image.</param>
    /// <exception cref="FocalSharpException">The image is damaged.</exception>
    IModelInput Prepare(ReadOnlyMemory<byte> encoded, string name);

    /// <summary>Resizes an image for a later run.</summary>
    IModelInput Prepare(RgbImage image);

    /// <summary>Runs prepared images. They are not disposed.</summary>
    /// <param name="inputs">One or more images, of any sizes.</param>
    /// <param name="limits">What is asked for.</param>
    /// <returns>For each image what was found, highest score first, in pixels of the original.</returns>
    IReadOnlyList<IReadOnlyList<Detection>> Detect(IReadOnlyList<IModelInput> inputs, DetectionLimits limits);
}
