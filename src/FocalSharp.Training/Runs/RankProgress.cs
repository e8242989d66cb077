using FocalSharp.Training.Loop;

namespace FocalSharp.Training.Runs;

/// <summary>The progress of a rank that is not the first: only its warnings are reported, with its number.</summary>
/// <param name="rank">The rank.</param>
/// <param name="size">The number of ranks.</param>
/// <param name="progress">Receives the warnings.</param>
internal sealed class RankProgress(int rank, int size, IProgress<TrainingProgress> progress) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (value.Event == TrainingEvent.Warning)
        {
            progress.Report(value with { Message = $"Rank {rank} of {size} on {Environment.MachineName}: {value.Message}" });
        }
    }
}
