namespace FocalSharp.Training.Loop;

/// <summary>
/// A metric that is computed at each evaluation. Its values are written to <c>metrics.csv</c>, to TensorBoard (<c>val/NAME</c>) and to
/// <c>result.json</c>.
/// </summary>
public interface IEvaluationMetric
{
    /// <summary>Gets the metric's name: letters, digits, <c>_</c>, <c>-</c>, <c>.</c> and <c>@</c>; unique among the metrics of a run.</summary>
    string Name { get; }

    /// <summary>Computes the metric.</summary>
    /// <param name="context">The evaluated images, their detections and the model.</param>
    /// <returns>The value; NaN if it is undefined.</returns>
    double Compute(EvaluationContext context);
}
