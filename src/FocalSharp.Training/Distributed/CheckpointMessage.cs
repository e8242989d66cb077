using System.Text.Json;
using FocalSharp.Checkpoints;
using FocalSharp.Training.Loop;

namespace FocalSharp.Training.Distributed;

/// <summary>Sends the checkpoint that a run continues from to all ranks: only rank 0 needs the run's files.</summary>
internal static class CheckpointMessage
{
    /// <summary>Returns the checkpoint of rank 0 on all ranks.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="checkpoint">The checkpoint on rank 0; null if there is none.</param>
    public static RunCheckpoint? Share(ICollective ranks, RunCheckpoint? checkpoint)
    {
        if (ranks.Size == 1)
        {
            return checkpoint;
        }

        StateDict? own = checkpoint?.ToStateDict();
        Content? content = JsonSerializer.Deserialize<Content?>(ranks.BroadcastText(JsonSerializer.Serialize(own is null ? null : Content.Describe(own))));
        if (content is null)
        {
            return null;
        }

        List<KeyValuePair<string, StateTensor>> tensors = [];
        foreach (TensorEntry entry in content.Tensors)
        {
            byte[] bytes = ranks.BroadcastBytes(own is null ? [] : own[entry.Name].Data.ToArray());
            tensors.Add(new(entry.Name, new StateTensor(entry.Type, entry.Shape, bytes)));
        }

        return ranks.Rank == 0 ? checkpoint : RunCheckpoint.FromStateDict(new StateDict(tensors, content.Metadata));
    }

    private sealed record Content(Dictionary<string, string> Metadata, TensorEntry[] Tensors)
    {
        public static Content Describe(StateDict state) =>
            new(state.Metadata.ToDictionary(), [.. state.Select(entry => new TensorEntry(entry.Key, entry.Value.Type, [.. entry.Value.Shape]))]);
    }

    private sealed record TensorEntry(string Name, ElementType Type, long[] Shape);
}
