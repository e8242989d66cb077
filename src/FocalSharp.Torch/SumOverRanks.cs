namespace FocalSharp.Torch;

/// <summary>Replaces values by their sum over the processes that train together. Every process calls it in the same order.</summary>
/// <param name="values">The values of this process; receives the sums.</param>
internal delegate void SumOverRanks(Span<double> values);
