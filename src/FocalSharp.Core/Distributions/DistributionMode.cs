namespace FocalSharp.Distributions;

/// <summary>A peak of a side's distribution.</summary>
/// <param name="Distance">The distance of the peak's bin, in the unit of the distribution.</param>
/// <param name="Probability">The probability of the bin.</param>
public readonly record struct DistributionMode(double Distance, double Probability);
