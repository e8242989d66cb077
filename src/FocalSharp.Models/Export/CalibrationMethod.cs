namespace FocalSharp.Models.Export;

/// <summary>Specifies how the range of a quantized activation is chosen from its histogram.</summary>
internal enum CalibrationMethod
{
    /// <summary>The range with the smallest mean squared error: outliers are clipped if that makes the steps finer.</summary>
    MeanSquaredError,

    /// <summary>All but 1 in 10,000 values at either end.</summary>
    Percentile,

    /// <summary>The smallest to the largest value.</summary>
    MinMax,
}
