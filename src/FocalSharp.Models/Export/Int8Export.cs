using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.IO;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Quantization;

namespace FocalSharp.Models.Export;

/// <summary>Writes a model as an 8-bit ONNX file, and measures what that costs and gains.</summary>
public sealed class Int8Export
{
    private readonly LoadedModel _model;
    private readonly DetectionDataset _evalDataset;
    private readonly ClassMapping _classes;
    private readonly DatasetImage[] _calibrationImages;

    /// <summary>Chooses the pictures.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dataset">Its training part sets the ranges, the part that a training on it is judged by judges.</param>
    /// <exception cref="FocalSharpException">The data hold no images, or none of the model's classes.</exception>
    public Int8Export(LoadedModel model, DetectionDataset dataset)
    {
        _model = model;
        (_evalDataset, _, _) = TrainEvalSplit.SelectEval(dataset);
        _classes = new ClassMapping(model.Detector.Options.Classes, _evalDataset.Classes);
        _calibrationImages = SelectCalibrationImages(dataset, _evalDataset);
    }

    /// <summary>Number of pictures that <see cref="Write"/> runs.</summary>
    public int TotalImages => _calibrationImages.Length + _evalDataset.Images.Count;

    /// <summary>Calibrates, writes, tries and judges.</summary>
    /// <param name="request">Where to write; variant and half are not looked at.</param>
    /// <param name="method">How ranges are chosen.</param>
    /// <param name="progress">Told the number of pictures done, of <see cref="TotalImages"/>.</param>
    /// <param name="cancellationToken">Ends the work; nothing is written then.</param>
    /// <exception cref="FocalSharpException">The file cannot be written, or does not run; what was there before is untouched.</exception>
    public Int8Report Write(
        ExportRequest request, CalibrationMethod method, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        OnnxModel whole = OnnxExporter.Export(
            _model.Detector, OnnxExport.CreateOptions(_model, request with { Variant = OnnxVariant.Detections, Half = false }));
        IReadOnlyDictionary<string, FeatureHistogram> histograms =
            Calibrator.MeasureRanges(whole, _calibrationImages, _model.ResizeRule, progress, cancellationToken);
        OnnxModel quantized = OnnxQuantizer.Quantize(whole, histograms.ToDictionary(pair => pair.Key, pair => pair.Value.ComputeRange(method)));

        using TemporaryModelFile reference = new(whole);
        OnnxMetrics[] scores = [];
        AtomicFile.Write(request.Output, quantized.Write, written =>
        {
            Verify(written, _model, request);
            IProgress<int> rest = new SynchronousProgress<int>(done => progress?.Report(_calibrationImages.Length + done));
            scores = OnnxEvaluator.Evaluate([reference.Path, written], _model.ResizeRule, _evalDataset, _classes, rest, cancellationToken);
        });
        return new Int8Report(_calibrationImages.Length, _evalDataset.Images.Count, scores[0], scores[1]);
    }

    // Evenly over the list; what judges must not calibrate, unless there is nothing else.
    private static DatasetImage[] SelectCalibrationImages(DetectionDataset dataset, DetectionDataset eval)
    {
        HashSet<string> evalPaths = [.. eval.Images.Select(image => image.Path)];
        DatasetImage[] others = [.. dataset.Images.Where(image => !evalPaths.Contains(image.Path))];
        DatasetImage[] from = others.Length > 0 ? others : [.. dataset.Images];
        int count = Math.Min(from.Length, Calibrator.DefaultImageCount);
        return count > 0
            ? [.. Enumerable.Range(0, count).Select(i => from[(int)((long)i * from.Length / count)])]
            : throw new FocalSharpException($"{dataset.Name}: holds no images to calibrate with.");
    }

    // 8 bits give other boxes, so what must hold is that it runs at every size and batch, and gives boxes that are ones.
    private static void Verify(string written, LoadedModel model, ExportRequest request)
    {
        using OnnxSession session = new(written);
        PostprocessOptions all = model.Detector.Options.Postprocess with { ScoreThreshold = 0 };
        foreach (VerificationBatch inputs in VerificationBatch.CreateAll(model.ResizeRule, OnnxExport.GetVerificationImages(request)))
        {
            Detection[][] found = session.Detect(inputs.Pixels, inputs.Frames, inputs.Height, inputs.Width, all);
            for (int i = 0; i < found.Length; i++)
            {
                ResizeTransform frame = inputs.Frames[i];
                if (found[i].Length == 0 || found[i].Any(detection => detection.Box.IsEmpty || detection.Score is not (> 0 and <= 1)
                    || detection.Box.X1 < 0 || detection.Box.Y1 < 0 || detection.Box.X2 > frame.Width || detection.Box.Y2 > frame.Height))
                {
                    throw new FocalSharpException(
                        $"{request.Output}: not written, since the 8-bit file gives no sound boxes ({inputs.Description}); what was there before is untouched.");
                }
            }
        }
    }
}
