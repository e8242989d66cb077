using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Runtime;

namespace FocalSharp.Serving.Models;

/// <summary>An exported ONNX file behind the service.</summary>
public sealed class DetectorModel : IDetectionModel, IDisposable
{
    private readonly Detector _detector;

    private DetectorModel(Detector detector, DetectOptions asked)
    {
        _detector = detector;
        Description = new ModelDescription
        {
            Name = detector.Model.Name,
            Classes = detector.Classes,
            Limits = new DetectionLimits(
                asked.ScoreThreshold ?? detector.Model.Postprocess.ScoreThreshold, asked.MaxDetections ?? detector.Model.Postprocess.MaxDetections),
            License = detector.Model.License,
            Run = detector.Model.Run,
        };
    }

    /// <inheritdoc/>
    public ModelDescription Description { get; }

    /// <summary>Loads a file that <c>focalsharp export</c> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the service takes: bounds of images, and images a run.</param>
    /// <param name="threads">Threads of one run; 0 for one a physical core.</param>
    /// <param name="detect">Thresholds of requests that name none; null for the model's own.</param>
    /// <exception cref="FocalSharpException">There is no such file, it is no model of ours, or an option is out of range.</exception>
    public static DetectorModel Load(string path, ServingOptions options, int threads = 0, DetectOptions? detect = null)
    {
        detect ??= new DetectOptions();
        RuntimeOptions runtime = new()
        {
            Threads = threads,
            AllowSpinning = false, // requests are decoded on the same cores
            MaxBatch = options.Batching.MaxBatch,
            Detect = detect,
            Decode = new ImageDecodeOptions { MaxBytes = options.Uploads.MaxImageBytes, MaxPixels = options.Uploads.MaxPixels },
        };
        return new DetectorModel(Detector.Load(path, runtime), detect);
    }

    /// <inheritdoc/>
    public IModelInput Prepare(ReadOnlyMemory<byte> encoded, string name) => new Input(_detector.Prepare(ImageSource.FromBytes(encoded, name)));

    /// <inheritdoc/>
    public IModelInput Prepare(RgbImage image) => new Input(_detector.Prepare(image));

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<Detection>> Detect(IReadOnlyList<IModelInput> inputs, DetectionLimits limits) => _detector.Detect(
        [.. inputs.Cast<Input>().Select(input => input.Prepared)],
        new DetectOptions { ScoreThreshold = limits.ScoreThreshold, MaxDetections = limits.MaxDetections });

    /// <inheritdoc/>
    public void Dispose() => _detector.Dispose();

    private sealed class Input(PreparedImage prepared) : IModelInput
    {
        public PreparedImage Prepared => prepared;

        public ImageSize OriginalSize => prepared.OriginalSize;

        public void Dispose() => prepared.Dispose();
    }
}
