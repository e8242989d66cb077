using FocalSharp.MLNet.Pipeline;
using Microsoft.ML;

namespace FocalSharp.MLNet;

/// <summary>Adds object detection to ML.NET's transforms.</summary>
public static class ObjectDetectionCatalog
{
    /// <summary>
    /// Creates an estimator that detects objects in a column of images and adds the columns of <see cref="DetectedObjects"/>: <c>Boxes</c>,
    /// <c>Scores</c>, <c>Labels</c> and <c>Deviations</c>, vectors of variable length. The detector is part of the ML.NET model:
    /// <c>mlContext.Model.Save</c> writes it into the file, and <c>mlContext.Model.Load</c> needs no other.
    /// </summary>
    /// <param name="catalog">The transforms of an <c>MLContext</c>.</param>
    /// <param name="modelPath">An ONNX file that FocalSharp exported. It is read here, and not needed afterwards.</param>
    /// <param name="imageColumnName">
    /// The images: a text column with the paths of files, or a vector of bytes with their content. Default <c>Image</c>.
    /// </param>
    /// <param name="options">Thresholds and where to run; null for the model's own and the CPU.</param>
    /// <exception cref="ModelException">There is no such file, or it is not a model that FocalSharp exported.</exception>
    /// <exception cref="OptionException">An option is out of range.</exception>
    /// <exception cref="PlatformException">The execution provider is not available.</exception>
    public static IEstimator<ITransformer> DetectObjects(
        this TransformsCatalog catalog, string modelPath, string imageColumnName = "Image", ObjectDetectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(modelPath);
        ArgumentException.ThrowIfNullOrEmpty(imageColumnName);
        return new ObjectDetectionEstimator(catalog, EmbeddedDetector.Create(modelPath, options ?? new ObjectDetectionOptions()), imageColumnName);
    }
}
