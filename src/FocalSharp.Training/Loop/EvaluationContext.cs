using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Torch.Detectors;

namespace FocalSharp.Training.Loop;

/// <summary>What an <see cref="IEvaluationMetric"/> is computed from.</summary>
/// <param name="Dataset">The evaluated images with their annotations.</param>
/// <param name="Detections">The detections of each image, highest score first, in pixels of the image.</param>
/// <param name="Metrics">The COCO metrics of the detections.</param>
/// <param name="Model">The evaluated model.</param>
public sealed record EvaluationContext(
    DetectionDataset Dataset, IReadOnlyList<IReadOnlyList<Detection>> Detections, CocoMetrics Metrics, GflDetector Model);
