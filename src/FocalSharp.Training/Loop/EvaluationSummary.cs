using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Training.Loop;

/// <summary>The result of an evaluation during or after training.</summary>
/// <param name="Epoch">Epochs completed; 0 before training.</param>
/// <param name="Step">Steps taken.</param>
/// <param name="Metrics">The COCO metrics.</param>
/// <param name="AdditionalMetrics">The values of the run's <see cref="IEvaluationMetric"/> instances, by name.</param>
/// <param name="IsBest">Whether the weights are the best so far.</param>
public sealed record EvaluationSummary(
    int Epoch, int Step, CocoMetrics Metrics, IReadOnlyList<KeyValuePair<string, double>> AdditionalMetrics, bool IsBest);
