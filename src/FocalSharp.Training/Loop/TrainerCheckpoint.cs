using FocalSharp.Checkpoints;

namespace FocalSharp.Training.Loop;

/// <summary>All that decides how a training goes on: what it continues from is what it would have continued with.</summary>
/// <param name="Tensors">
/// Copies, bit for bit: <c>model.…</c>, <c>ema.…</c> where there is a moving average, <c>optimizer.…</c>, and libtorch's random state.
/// </param>
/// <param name="Progress">Where it stands.</param>
public sealed record TrainerCheckpoint(IReadOnlyList<KeyValuePair<string, StateTensor>> Tensors, TrainerProgress Progress);
