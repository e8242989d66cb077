using System.Text;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>What became of every tensor of a file and of a model. Nothing is left out.</summary>
public sealed record ImportReport
{
    /// <summary>The model's tensors that took the file's values.</summary>
    public required IReadOnlyList<string> Loaded { get; init; }

    /// <summary>The model's tensors whose counterpart in the file has another shape or other classes.</summary>
    public required IReadOnlyList<ReinitializedTensor> Reinitialized { get; init; }

    /// <summary>The model's tensors that the file does not have; they keep their fresh values.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>The file's tensors, under our names, that the model has no place for.</summary>
    public required IReadOnlyList<string> Unexpected { get; init; }

    /// <summary>Whether every tensor of both sides found its counterpart.</summary>
    public bool IsComplete => Reinitialized.Count == 0 && Missing.Count == 0 && Unexpected.Count == 0;

    /// <summary>The report as text, every name on a line of its own below what became of it.</summary>
    public override string ToString()
    {
        StringBuilder text = new($"{Loaded.Count} tensors loaded");
        Append("re-initialised", [.. Reinitialized.Select(tensor => tensor.ToString())]);
        Append("missing in the file", Missing);
        Append("unexpected in the file", Unexpected);
        return text.ToString();

        void Append(string heading, IReadOnlyList<string> lines)
        {
            if (lines.Count > 0)
            {
                text.Append($"\n{lines.Count} {heading}:\n  ").AppendJoin("\n  ", lines);
            }
        }
    }
}
