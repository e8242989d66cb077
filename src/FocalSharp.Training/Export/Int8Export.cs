using FocalSharp.Datasets;
using FocalSharp.Decoding;
using FocalSharp.Detections;
using FocalSharp.IO;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Quantization;
using FocalSharp.Training.Inference;
using FocalSharp.Training.Runs;

namespace FocalSharp.Training.Export;

/// <summary>Writes a model as an 8-bit ONNX file, and measures what that costs and gains.</summary>
public sealed class Int8Export
{
    private readonly LoadedModel _model;
    private readonly DetectionDataset _judge;
    private readonly ClassMapping _classes;
    private readonly DatasetImage[] _sample;

    /// <summary>Chooses the pictures.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dataset">Its training part sets the ranges, the part that a training on it is judged by judges.</param>
    /// <exception cref="UserErrorException">The data hold no images, or none of the model's classes.</exception>
    public Int8Export(LoadedModel model, DetectionDataset dataset)
    {
        _model = model;
        (_judge, _, _) = SplitChoice.JudgeOf(dataset);
        _classes = new ClassMapping(model.Detector.Options.Classes, _judge.Classes);
        _sample = Sample(dataset, _judge);
    }

    /// <summary>Number of pictures that <see cref="Write"/> runs.</summary>
    public int Steps => _sample.Length + _judge.Images.Count;

    /// <summary>Calibrates, writes, tries and judges.</summary>
    /// <param name="request">Where to write; variant and half are not looked at.</param>
    /// <param name="method">How ranges are chosen.</param>
    /// <param name="progress">Told the number of pictures done, of <see cref="Steps"/>.</param>
    /// <param name="cancellation">Ends the work; nothing is written then.</param>
    /// <exception cref="UserErrorException">The file cannot be written, or does not run; what was there before is untouched.</exception>
    public Int8Report Write(
        ExportRequest request, CalibrationMethod method, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        OnnxModel whole = OnnxExporter.Export(
            _model.Detector, OnnxExport.Options(_model, request with { Variant = OnnxVariant.Detections, Half = false }));
        IReadOnlyDictionary<string, FeatureHistogram> histograms =
            Calibrator.Measure(whole, _sample, _model.Rule, progress, cancellation);
        OnnxModel quantized = OnnxQuantizer.Quantize(whole, histograms.ToDictionary(pair => pair.Key, pair => pair.Value.Range(method)));

        using ScratchFile reference = new(whole);
        OnnxScores[] scores = [];
        AtomicFile.Write(request.Output, quantized.Write, written =>
        {
            Try(written, _model, request);
            IProgress<int> rest = new DirectProgress<int>(done => progress?.Report(_sample.Length + done));
            scores = OnnxJudge.Run([reference.Path, written], _model.Rule, _judge, _classes, rest, cancellation);
        });
        return new Int8Report(_sample.Length, _judge.Images.Count, scores[0], scores[1]);
    }

    // Evenly over the list; what judges must not calibrate, unless there is nothing else.
    private static DatasetImage[] Sample(DetectionDataset dataset, DetectionDataset judge)
    {
        HashSet<string> judging = [.. judge.Images.Select(image => image.Path)];
        DatasetImage[] others = [.. dataset.Images.Where(image => !judging.Contains(image.Path))];
        DatasetImage[] from = others.Length > 0 ? others : [.. dataset.Images];
        int count = Math.Min(from.Length, Calibrator.DefaultImages);
        return count > 0
            ? [.. Enumerable.Range(0, count).Select(i => from[(int)((long)i * from.Length / count)])]
            : throw new UserErrorException($"{dataset.Name}: holds no images to calibrate with.");
    }

    // 8 bits give other boxes, so what must hold is that it runs at every size and batch, and gives boxes that are ones.
    private static void Try(string written, LoadedModel model, ExportRequest request)
    {
        using OnnxSession session = new(written);
        PostprocessOptions all = model.Detector.Options.Postprocess with { ScoreThreshold = 0 };
        foreach (CheckInputs inputs in CheckInputs.All(model.Rule, OnnxExport.PicturesOf(request)))
        {
            Detection[][] found = session.Detect(inputs.Pixels, inputs.Frames, inputs.Height, inputs.Width, all);
            for (int i = 0; i < found.Length; i++)
            {
                ImageFrame frame = inputs.Frames[i];
                if (found[i].Length == 0 || found[i].Any(detection => detection.Box.IsEmpty || detection.Score is not (> 0 and <= 1)
                    || detection.Box.X1 < 0 || detection.Box.Y1 < 0 || detection.Box.X2 > frame.Width || detection.Box.Y2 > frame.Height))
                {
                    throw new UserErrorException(
                        $"{request.Output}: not written, since the 8-bit file gives no sound boxes ({inputs.What}); what was there before is untouched.");
                }
            }
        }
    }
}
