namespace FocalSharp.Distributions;

/// <summary>A peak of a side's distribution.</summary>
/// <param name="Distance">Where the peak's bin lies, in the unit of the distribution.</param>
/// <param name="Probability">The bin's probability.</param>
public readonly record struct DistributionMode(double Distance, double Probability);
