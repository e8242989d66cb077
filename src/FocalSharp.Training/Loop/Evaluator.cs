using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.IO;
using FocalSharp.Models;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Data;
using FocalSharp.Training.Distributed;

namespace FocalSharp.Training.Loop;

/// <summary>Evaluates a model on the evaluation split.</summary>
/// <param name="dataset">The evaluation split.</param>
/// <param name="rule">How images are resized.</param>
/// <param name="metrics">Metrics beside COCO's.</param>
/// <param name="decoding">How images are decoded; null for the defaults.</param>
/// <param name="badImages">Receives images that cannot be read, which are then left out; null to throw.</param>
/// <param name="warn">Receives messages about such images.</param>
/// <param name="ranks">The ranks that share the images; null for one process.</param>
/// <param name="onEvaluated">Receives the images and detections of each evaluation; null for none.</param>
internal sealed class Evaluator(
    DetectionDataset dataset,
    ResizeRule rule,
    IReadOnlyList<IEvaluationMetric> metrics,
    ImageDecodeOptions? decoding = null,
    BadImages? badImages = null,
    Action<string>? warn = null,
    ICollective? ranks = null,
    Action<EvaluationContext>? onEvaluated = null)
{
    private const int MaxBatchSize = 8;
    private const long MaxBatchPixels = MaxBatchSize * 416L * 416; // larger batches would delay a cancellation

    /// <summary>Gets the evaluation split.</summary>
    public DetectionDataset Dataset => dataset;

    /// <summary>Detects objects in all images and computes the metrics.</summary>
    /// <param name="model">The model.</param>
    /// <param name="progress">Receives the number of images processed.</param>
    /// <param name="cancellationToken">Cancels the evaluation between two batches.</param>
    /// <returns>The result; null on ranks other than 0.</returns>
    /// <exception cref="OperationCanceledException">The evaluation was canceled.</exception>
    /// <exception cref="FocalSharpException">An image cannot be read, or a metric failed.</exception>
    public EvaluationResult? Evaluate(GflDetector model, Action<int> progress, CancellationToken cancellationToken)
    {
        if (ranks is null or { Size: 1 })
        {
            ValidationLoss losses = new(dataset.Images, model.Options);
            return ComputeMetrics(model, Detect(model, dataset.Images, losses, progress, cancellationToken), losses.Mean);
        }

        (Detection[][] detections, ValidationLosses mean) = DetectTogether(ranks, model, progress, cancellationToken);
        badImages?.Share(ranks);
        return ranks.RunTogether(() => ranks.Rank == 0 ? ComputeMetrics(model, detections, mean) : null);
    }

    /// <summary>Detects objects in every n-th image on each of n ranks.</summary>
    private (Detection[][] Detections, ValidationLosses Losses) DetectTogether(ICollective ranks, GflDetector model, Action<int> progress, CancellationToken cancellationToken)
    {
        Detection[][] own = [];
        DatasetImage[] images = [.. dataset.Images.Where((_, i) => i % ranks.Size == ranks.Rank)];
        ValidationLoss losses = new(images, model.Options);
        bool canceled = false;
        FocalSharpException? failure = null;
        try
        {
            own = Detect(model, images, losses, done => progress(Math.Min(done * ranks.Size, dataset.Images.Count)), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            canceled = true;
        }
        catch (FocalSharpException exception)
        {
            failure = exception;
        }

        if (ranks.Max(canceled ? 1 : 0) > 0)
        {
            throw new OperationCanceledException("A rank was asked to stop.");
        }

        ranks.ThrowIfAnyFailed(failure);
        return (DetectionMessage.Gather(ranks, own, dataset.Images.Count), losses.GetMean(ranks));
    }

    private EvaluationResult ComputeMetrics(GflDetector model, Detection[][] detections, ValidationLosses losses)
    {
        DetectionDataset evaluated = dataset;
        if (badImages is not null)
        {
            badImages.Report(warn ?? (_ => { }));
            (evaluated, detections) = badImages.Exclude(dataset, detections);
        }

        CocoMetrics coco = CocoEvaluator.Evaluate(evaluated, detections);
        EvaluationContext context = new(evaluated, detections, coco, model);
        onEvaluated?.Invoke(context);
        return new EvaluationResult(coco, [.. metrics.Select(metric => KeyValuePair.Create(metric.Name, Compute(metric, context)))], evaluated, detections)
        {
            Losses = losses,
        };
    }

    /// <summary>Detects objects in all images; none in those that cannot be read and are left out.</summary>
    /// <param name="model">The model.</param>
    /// <param name="progress">Receives the number of images processed.</param>
    /// <param name="cancellationToken">Cancels the detection between two batches.</param>
    /// <exception cref="OperationCanceledException">The detection was canceled.</exception>
    /// <exception cref="FocalSharpException">An image cannot be read.</exception>
    public Detection[][] Detect(GflDetector model, Action<int> progress, CancellationToken cancellationToken) =>
        Detect(model, dataset.Images, losses: null, progress, cancellationToken);

    private Detection[][] Detect(GflDetector model, IReadOnlyList<DatasetImage> images, ValidationLoss? losses, Action<int> progress, CancellationToken cancellationToken)
    {
        Precision training = model.Precision;
        try
        {
            model.Precision = Precision.Float32; // as in prediction, so that both give the same numbers
            int batchSize = (int)Math.Clamp(MaxBatchPixels / ((long)rule.LongSide * rule.ShortSide), 1, MaxBatchSize);
            using TorchDetector detector = new(model, rule, new DetectorLoadOptions
            {
                MaxBatch = batchSize,
                Decode = (decoding ?? ImageDecodeOptions.Default) with { OnUnreadable = badImages is null ? null : badImages.Skip },
            })
            {
                OutputObserver = losses is null ? null : losses.Add,
            };
            Detection[][] detections = detector.DetectAll(images, progress: new SynchronousProgress<int>(progress), cancellationToken: cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return detections;
        }
        finally
        {
            model.Precision = training;
        }
    }

    private static double Compute(IEvaluationMetric metric, EvaluationContext context)
    {
        try
        {
            return metric.Compute(context);
        }
        catch (Exception exception)
        {
            throw new TrainingException($"The metric '{metric.Name}' failed: {exception.Message}", exception);
        }
    }
}

/// <summary>The result of an evaluation.</summary>
/// <param name="Metrics">The COCO metrics.</param>
/// <param name="AdditionalMetrics">The values of the other metrics, by name.</param>
/// <param name="Dataset">The evaluated images: those that could be read.</param>
/// <param name="Detections">The detections of each image.</param>
internal sealed record EvaluationResult(
    CocoMetrics Metrics,
    IReadOnlyList<KeyValuePair<string, double>> AdditionalMetrics,
    DetectionDataset Dataset,
    IReadOnlyList<IReadOnlyList<Detection>> Detections)
{
    /// <summary>Gets the losses on the evaluation images.</summary>
    public required ValidationLosses Losses { get; init; }
}
