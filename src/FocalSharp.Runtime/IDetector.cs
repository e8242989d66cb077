namespace FocalSharp.Runtime;

/// <summary>
/// Detects objects in images. <see cref="Detector"/> runs an ONNX file; <c>FocalSharp.Models.TorchDetector</c> runs weights;
/// <c>FocalSharp.Models.DetectorLoader</c> loads either from a name or a path. All members may be called from any number of threads.
/// </summary>
/// <remarks>
/// To get candidates before non-maximum suppression, set <see cref="DetectOptions.IouThreshold"/> to 1 (no overlap exceeds it), lower
/// <see cref="DetectOptions.ScoreThreshold"/> and raise <see cref="DetectOptions.MaxDetections"/>.
/// </remarks>
public interface IDetector : IDisposable
{
    /// <summary>Gets the model's classes, preprocessing, thresholds and origin.</summary>
    ModelInfo Model { get; }

    /// <summary>Gets the class names in label order.</summary>
    IReadOnlyList<string> Classes => Model.Classes;

    /// <summary>Detects objects in an image.</summary>
    /// <param name="image">A path, encoded bytes, a stream, an <see cref="Imaging.RgbImage"/>, or pixels in memory (<c>ImageSource.FromPixels</c>).</param>
    /// <param name="options">Thresholds, limits and tiles of this call; null for the detector's own.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Detections, highest score first, in pixels of the image after its EXIF orientation.</returns>
    /// <exception cref="ImageException">The image cannot be read or is too large.</exception>
    /// <exception cref="OptionException">An option is out of range.</exception>
    /// <exception cref="ModelException">The model fails.</exception>
    Detections Detect(ImageSource image, DetectOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Detects objects in pixels on the stack or in memory that only a span refers to, without copying them.</summary>
    /// <param name="pixels">The pixels, top row first.</param>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="format">Order of a pixel's bytes.</param>
    /// <param name="stride">Bytes from one row to the next; 0 for rows without gaps.</param>
    /// <param name="options">Thresholds, limits and tiles of this call; null for the detector's own.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>As <see cref="Detect(ImageSource, DetectOptions?, CancellationToken)"/>, with the same exceptions.</returns>
    /// <exception cref="ArgumentException">The span is shorter than the image, or rows overlap.</exception>
    Detections Detect(
        ReadOnlySpan<byte> pixels,
        int width,
        int height,
        PixelFormat format = PixelFormat.Rgb24,
        int stride = 0,
        DetectOptions? options = null,
        CancellationToken cancellationToken = default) => UnmanagedPixels.Detect(this, pixels, width, height, format, stride, options, cancellationToken);

    /// <summary>Detects objects in images; images of one input size share batches.</summary>
    /// <param name="images">The images. Paths and streams are decoded one after another, so the list may be as long as a data set.</param>
    /// <param name="options">Thresholds, limits and tiles of this call; null for the detector's own.</param>
    /// <param name="progress">Receives the number of images done.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The detections of each image, in the order of <paramref name="images"/>.</returns>
    /// <exception cref="ImageException">An image cannot be read or is too large.</exception>
    /// <exception cref="OptionException">An option is out of range.</exception>
    /// <exception cref="ModelException">The model fails.</exception>
    Detections[] Detect(
        IReadOnlyList<ImageSource> images, DetectOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Decodes and resizes an image without running the model, for services that collect images of several requests into a batch.</summary>
    /// <param name="image">The image.</param>
    /// <returns>The prepared image. Dispose it when done.</returns>
    /// <exception cref="ImageException">The image cannot be read or is too large.</exception>
    PreparedImage Prepare(ImageSource image);

    /// <summary>Detects objects in prepared images; images of one input size share batches. The images are not disposed.</summary>
    /// <param name="images">The images, prepared by this detector or by <see cref="PreparedImage.Create(ImageSource, Imaging.Resizing.ResizeRule, Imaging.Codecs.ImageDecodeOptions?)"/> with its resize rule.</param>
    /// <param name="options">Thresholds and limits of this call; null for the detector's own. Tiles do not apply.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The detections of each image, in the order of <paramref name="images"/>.</returns>
    /// <exception cref="OptionException">An option is out of range.</exception>
    /// <exception cref="ModelException">The model fails.</exception>
    Detections[] Detect(IReadOnlyList<PreparedImage> images, DetectOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Detects objects in an image on the thread pool.</summary>
    /// <param name="image">The image.</param>
    /// <param name="options">Thresholds, limits and tiles of this call; null for the detector's own.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The detections; exceptions as <see cref="Detect(ImageSource, DetectOptions?, CancellationToken)"/>.</returns>
    Task<Detections> DetectAsync(ImageSource image, DetectOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Detect(image, options, cancellationToken), cancellationToken);

    /// <summary>Detects objects in images on the thread pool.</summary>
    /// <param name="images">The images.</param>
    /// <param name="options">Thresholds, limits and tiles of this call; null for the detector's own.</param>
    /// <param name="progress">Receives the number of images done.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The detections of each image, in the order of <paramref name="images"/>.</returns>
    Task<Detections[]> DetectAsync(
        IReadOnlyList<ImageSource> images, DetectOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Detect(images, options, progress, cancellationToken), cancellationToken);
}
