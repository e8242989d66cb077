using System.Globalization;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Inference;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Trainers;

namespace FocalSharp.Training.Runs;

/// <summary>Keeps a run's records as it goes: metrics.csv, TensorBoard, judgements, last and best weights.</summary>
internal sealed class RunRecorder : ITrainingObserver, IDisposable
{
    private readonly RunFolder _folder;
    private readonly Recipe _recipe;
    private readonly DetectionDataset _judge;
    private readonly ITrainingMonitor _monitor;
    private readonly MetricsLog _log;
    private readonly TensorBoardWriter _board;
    private readonly List<StepRecord> _steps = [];
    private readonly int _judgeEvery;
    private double _best = -1;
    private long _images;
    private double _seconds;
    private Judgement? _latest;
    private int _latestEpoch = -1;

    public RunRecorder(RunFolder folder, Recipe recipe, DetectionDataset judge, ITrainingMonitor monitor)
    {
        _folder = folder;
        _recipe = recipe;
        _judge = judge;
        _monitor = monitor;
        _log = MetricsLog.Open(folder.MetricsPath, MetricsColumns.All);
        _board = new TensorBoardWriter(folder.Path);
        _judgeEvery = recipe.EvaluateEvery > 0 ? recipe.EvaluateEvery : Math.Max(1, (int)Math.Ceiling(recipe.Epochs / 8.0));
    }

    /// <summary>Training speed over the run, judgements not counted.</summary>
    public double ImagesPerSecond => _seconds > 0 ? _images / _seconds : 0;

    public void Started(int epochs, int stepsPerEpoch) => _monitor.Started(epochs, stepsPerEpoch);

    public void Stepped(StepRecord step)
    {
        _steps.Add(step);
        _images += step.Images;
        _seconds += step.Seconds;
        _monitor.Stepped(step);
    }

    public void EpochEnded(int epoch, Trainer trainer)
    {
        EpochSummary summary = EpochSummary.Of(_steps);
        _steps.Clear();
        Log(summary);
        _monitor.EpochEnded(summary);
        Save(_folder.LastWeightsPath, trainer.Judged, summary.Epoch, null);
        if (summary.Epoch % _judgeEvery == 0 && summary.Epoch < _recipe.Epochs)
        {
            Judge(summary.Epoch, trainer);
        }
    }

    /// <summary>Judges and saves the weights as they are now.</summary>
    /// <param name="epochs">Epochs completed.</param>
    /// <param name="trainer">The trainer, at rest.</param>
    public Judgement Finish(int epochs, Trainer trainer)
    {
        if (_latest is null || _latestEpoch != epochs || _steps.Count > 0)
        {
            _latest = Judge(epochs, trainer);
        }

        Save(_folder.LastWeightsPath, trainer.Judged, epochs, _latest.Metrics);
        CocoResults.From(_judge, _latest.Detections).Write(_folder.DetectionsPath);
        return _latest;
    }

    public void Dispose()
    {
        _log.Dispose();
        _board.Dispose();
    }

    private Judgement Judge(int epoch, Trainer trainer)
    {
        ImagePredictor predictor = new(trainer.Judged, _recipe.Input.Rule);

        // As eval and predict compute, so that they repeat these numbers.
        Precision training = trainer.Judged.Precision;
        trainer.Judged.Precision = Precision.Float32;
        Detection[][] detections = predictor.Predict(
            _judge.Images, progress: new DirectProgress<int>(done => _monitor.Progress("judging", done, _judge.Images.Count)));
        trainer.Judged.Precision = training;
        CocoMetrics metrics = CocoEvaluator.Evaluate(_judge, detections);
        bool best = metrics.AP > _best;
        if (best)
        {
            _best = metrics.AP;
            Save(_folder.BestWeightsPath, trainer.Judged, epoch, metrics);
        }

        long step = (long)epoch * trainer.StepsPerEpoch;
        _log.Append((MetricsColumns.Epoch, epoch), (MetricsColumns.Step, step), (MetricsColumns.AP, metrics.AP), (MetricsColumns.AP50, metrics.AP50), (MetricsColumns.AP75, metrics.AP75));
        _board.AddScalar("val/AP", step, metrics.AP);
        _board.AddScalar("val/AP50", step, metrics.AP50);
        _board.AddScalar("val/AP75", step, metrics.AP75);
        _board.Flush();
        _monitor.Judged(epoch, metrics, best);
        _latestEpoch = epoch;
        _latest = new Judgement(metrics, detections);
        return _latest;
    }

    private void Log(EpochSummary summary)
    {
        _log.Append(
            (MetricsColumns.Epoch, summary.Epoch),
            (MetricsColumns.Step, summary.Steps),
            (MetricsColumns.Loss, summary.Loss),
            (MetricsColumns.QualityLoss, summary.QualityLoss),
            (MetricsColumns.BoxLoss, summary.BoxLoss),
            (MetricsColumns.DistributionLoss, summary.DistributionLoss),
            (MetricsColumns.Positives, summary.Positives),
            (MetricsColumns.LearningRate, summary.LearningRate),
            (MetricsColumns.GradientNorm, summary.GradientNorm),
            (MetricsColumns.ImagesPerSecond, summary.ImagesPerSecond));
        _board.AddScalar("train/loss", summary.Steps, summary.Loss);
        _board.AddScalar("train/loss_quality", summary.Steps, summary.QualityLoss);
        _board.AddScalar("train/loss_box", summary.Steps, summary.BoxLoss);
        _board.AddScalar("train/loss_distribution", summary.Steps, summary.DistributionLoss);
        _board.AddScalar("train/positives", summary.Steps, summary.Positives);
        _board.AddScalar("train/lr", summary.Steps, summary.LearningRate);
        _board.AddScalar("train/grad_norm", summary.Steps, summary.GradientNorm);
        _board.AddScalar("train/images_per_second", summary.Steps, summary.ImagesPerSecond);
        _board.Flush();
    }

    private void Save(string path, GflDetector model, int epoch, CocoMetrics? metrics)
    {
        Dictionary<string, string> facts = new(ResizeFacts.Of(_recipe.Input.Rule))
        {
            ["recipe"] = _recipe.Name,
            ["dataset"] = _judge.Name,
            ["epoch"] = epoch.ToString(CultureInfo.InvariantCulture),
        };
        if (metrics is not null)
        {
            facts["AP"] = metrics.AP.ToString("R", CultureInfo.InvariantCulture);
            facts["AP50"] = metrics.AP50.ToString("R", CultureInfo.InvariantCulture);
        }

        DetectorCheckpoint.Save(path, model, facts);
    }

    /// <summary>Detections of the judged images and what they are worth.</summary>
    internal sealed record Judgement(CocoMetrics Metrics, IReadOnlyList<IReadOnlyList<Detection>> Detections);
}
