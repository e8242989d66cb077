using System.Diagnostics;
using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.IO;
using FocalSharp.Runtime;
using FocalSharp.Runtime.Sessions;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Quantization;

namespace FocalSharp.Models.Export;

/// <summary>Exports a model as an 8-bit ONNX file and measures accuracy, speed and size against the float32 file.</summary>
internal sealed class Int8Export
{
    /// <summary>
    /// The AP that quantization may cost on the calibration images; beyond it convolutions remain in float32. Half a point of AP is the aim, and other
    /// images may lose more than these.
    /// </summary>
    private const double MaxCalibrationLoss = 0.0025;

    private const int WarmupRuns = 3;

    private readonly TorchDetector _model;
    private readonly DetectionDataset _dataset;
    private readonly DetectionDataset _evalDataset;
    private readonly ClassMapping _classes;
    private readonly DatasetImage[] _calibrationImages;

    /// <summary>Selects the images.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dataset">A labeled data set: its training split sets the ranges, its evaluation split measures the result.</param>
    /// <exception cref="DatasetException">The data set has no images, or none of the model's classes.</exception>
    public Int8Export(TorchDetector model, DetectionDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        (_model, _dataset) = (model, dataset);
        (_evalDataset, _, _) = TrainEvalSplit.SelectEval(dataset);
        _classes = new ClassMapping(model.Classes, _evalDataset.Classes);
        _calibrationImages = SelectCalibrationImages(dataset, _evalDataset);
    }

    /// <summary>Gets the number of images that <see cref="Write"/> processes.</summary>
    public int TotalImages => _calibrationImages.Length + _evalDataset.Images.Count;

    /// <summary>Calibrates, writes, verifies and evaluates the file.</summary>
    /// <param name="request">The file to write; variant and half are ignored.</param>
    /// <param name="method">How ranges are chosen.</param>
    /// <param name="progress">Receives the number of images done, of <see cref="TotalImages"/>.</param>
    /// <param name="cancellationToken">Cancels the export; nothing is written.</param>
    /// <exception cref="FileException">The file cannot be written; an existing file is unchanged.</exception>
    /// <exception cref="ModelException">The 8-bit file does not work; an existing file is unchanged.</exception>
    public Int8Report Write(
        ExportRequest request, CalibrationMethod method, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        OnnxModel whole = OnnxExporter.Export(
            _model.Network, OnnxExport.CreateOptions(_model, request with { Variant = ModelVariant.Detections, Half = false }));
        IReadOnlyDictionary<string, FeatureHistogram> histograms =
            Calibrator.MeasureRanges(whole, _calibrationImages, _model.Model.Resize, progress, cancellationToken);
        Dictionary<string, ActivationRange> ranges = histograms.ToDictionary(pair => pair.Key, pair => pair.Value.ComputeRange(method));
        HashSet<string> floats = FindFloatConvolutions(whole, ranges, request, cancellationToken);
        OnnxModel quantized = OnnxQuantizer.Quantize(whole, ranges, floats);

        OnnxMetrics[] metrics = [];
        AtomicFile.Write(request.Output, quantized.Write, written =>
        {
            Verify(written, _model, request);
            IProgress<int> rest = new SynchronousProgress<int>(done => progress?.Report(_calibrationImages.Length + done));
            metrics = Evaluate([whole.ToBytes(), File.ReadAllBytes(written)], rest, cancellationToken);
        });
        return new Int8Report(
            _calibrationImages.Length, _evalDataset.Images.Count, OnnxQuantizer.GetConvolutions(whole).Count, floats.Count, metrics[0], metrics[1]);
    }

    // As few as possible, the most sensitive first, so that AP on the calibration images is preserved.
    private HashSet<string> FindFloatConvolutions(
        OnnxModel whole, Dictionary<string, ActivationRange> ranges, ExportRequest request, CancellationToken cancellationToken)
    {
        DetectionDataset calibration = _dataset with { Images = _calibrationImages };
        double required = ComputeAP(whole, calibration, cancellationToken) - MaxCalibrationLoss;
        if (!(ComputeAP(OnnxQuantizer.Quantize(whole, ranges), calibration, cancellationToken) < required))
        {
            return [];
        }

        OnnxModel raw = OnnxExporter.Export(_model.Network, OnnxExport.CreateOptions(_model, request with { Variant = ModelVariant.Raw, Half = false }));
        string[] ranked =
        [
            .. LayerSensitivity.Measure(raw, ranges, _calibrationImages, _model.Model.Resize, cancellationToken).Select(layer => layer.Convolution),
        ];
        (int tooFew, int enough) = (0, ranked.Length);
        while (enough - tooFew > 1)
        {
            int middle = (tooFew + enough) / 2;
            OnnxModel file = OnnxQuantizer.Quantize(whole, ranges, ranked[..middle].ToHashSet());
            (tooFew, enough) = ComputeAP(file, calibration, cancellationToken) < required ? (middle, enough) : (tooFew, middle);
        }

        return ranked[..enough].ToHashSet();
    }

    private double ComputeAP(OnnxModel file, DetectionDataset images, CancellationToken cancellationToken)
    {
        using Detector detector = Detector.Load(file.ToBytes());
        ImageSource[] sources = [.. images.Images.Select(image => ImageSource.FromFile(image.Path))];
        DetectOptions options = new() { ScoreThreshold = detector.Model.Postprocess.ScoreThreshold };
        Runtime.Detections[] found = detector.Detect(sources, options, cancellationToken: cancellationToken);
        return CocoEvaluator.Evaluate(images, Array.ConvertAll(found, _classes.Apply)).AP;
    }

    // Evenly over the list; evaluation images do not calibrate, unless there are no others.
    private static DatasetImage[] SelectCalibrationImages(DetectionDataset dataset, DetectionDataset eval)
    {
        HashSet<string> evalPaths = [.. eval.Images.Select(image => image.Path)];
        DatasetImage[] others = [.. dataset.Images.Where(image => !evalPaths.Contains(image.Path))];
        DatasetImage[] from = others.Length > 0 ? others : [.. dataset.Images];
        int count = Math.Min(from.Length, Calibrator.DefaultImageCount);
        return count > 0
            ? [.. Enumerable.Range(0, count).Select(i => from[(int)((long)i * from.Length / count)])]
            : throw new DatasetException($"{dataset.Name}: contains no images to calibrate with.");
    }

    // 8 bits change the boxes, so only this can hold: the file runs at every size and batch, and its boxes are valid.
    private static void Verify(string written, TorchDetector model, ExportRequest request)
    {
        using ModelSession session = ModelSession.Open(written);
        PostprocessOptions all = model.Model.Postprocess with { ScoreThreshold = 0 };
        foreach (VerificationBatch batch in VerificationBatch.CreateAll(model.Model.Resize, request.Images))
        {
            Detection[][] found = batch.Detect(session, all);
            for (int i = 0; i < found.Length; i++)
            {
                ResizeTransform transform = batch.Transforms[i];
                if (found[i].Length == 0 || found[i].Any(detection => !IsValid(detection, transform)))
                {
                    throw new ModelException(
                        $"{request.Output}: not written, because the 8-bit model returns invalid boxes ({batch.Description}); an existing file is unchanged. "
                        + "Try another calibration method, or float16.")
                    { Path = request.Output };
                }
            }
        }

        static bool IsValid(Detection detection, ResizeTransform transform)
        {
            Box box = detection.Box;
            return !box.IsEmpty && detection.Score is > 0 and <= 1 && box.X1 >= 0 && box.Y1 >= 0 && box.X2 <= transform.Width && box.Y2 <= transform.Height;
        }
    }

    // Each image by each file in turn, so that all are timed under the same load.
    private OnnxMetrics[] Evaluate(byte[][] files, IProgress<int> progress, CancellationToken cancellationToken)
    {
        Detector[] detectors = [.. files.Select(file => Detector.Load(file))];
        DetectOptions options = new() { ScoreThreshold = detectors[0].Model.Postprocess.ScoreThreshold }; // AP needs low scores too
        try
        {
            Detection[][][] found = [.. files.Select(_ => new Detection[_evalDataset.Images.Count][])];
            double[][] times = [.. files.Select(_ => new double[_evalDataset.Images.Count])];
            for (int i = 0; i < _evalDataset.Images.Count; i++)
            {
                using PreparedImage image = detectors[0].Prepare(_evalDataset.Images[i].Path);
                for (int d = 0; d < detectors.Length; d++)
                {
                    for (int warmup = i == 0 ? WarmupRuns : 0; warmup > 0; warmup--)
                    {
                        detectors[d].Detect([image], options, cancellationToken);
                    }

                    long started = Stopwatch.GetTimestamp();
                    Runtime.Detections detections = detectors[d].Detect([image], options, cancellationToken)[0];
                    times[d][i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                    found[d][i] = _classes.Apply(detections);
                }

                progress.Report(i + 1);
            }

            return [.. files.Select((file, d) => ComputeMetrics(found[d], times[d], file.LongLength))];
        }
        finally
        {
            Array.ForEach(detectors, detector => detector.Dispose());
        }
    }

    private OnnxMetrics ComputeMetrics(Detection[][] found, double[] times, long bytes)
    {
        CocoMetrics metrics = CocoEvaluator.Evaluate(_evalDataset, found);
        return new OnnxMetrics(metrics.AP, metrics.AP50, times.Order().ElementAt(times.Length / 2), bytes);
    }
}
