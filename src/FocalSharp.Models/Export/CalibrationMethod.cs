namespace FocalSharp.Models.Export;

/// <summary>How a feature's range is chosen from its histogram.</summary>
public enum CalibrationMethod
{
    /// <summary>Least mean squared error: rare high values are cut where that makes the rest finer.</summary>
    MeanSquaredError,

    /// <summary>All but 1 in 10,000 values at either end.</summary>
    Percentile,

    /// <summary>All values seen.</summary>
    MinMax,
}
