using System.Text;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>What happened to every tensor of a file and of a model.</summary>
public sealed record ImportReport
{
    /// <summary>Gets the model's tensors that were loaded from the file.</summary>
    public required IReadOnlyList<string> Loaded { get; init; }

    /// <summary>Gets the model's tensors whose counterpart in the file has another shape or other classes.</summary>
    public IReadOnlyList<string> Reinitialized => [.. ReinitializedTensors.Select(tensor => tensor.Name)];

    /// <summary>Gets the model's tensors that the file does not have; they retain their values.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Gets the file's tensors, under FocalSharp's names, that the model does not have.</summary>
    public required IReadOnlyList<string> Unexpected { get; init; }

    /// <summary>The re-initialized tensors, with both shapes and the classes whose rows were loaded.</summary>
    internal IReadOnlyList<ReinitializedTensor> ReinitializedTensors { get; init; } = [];

    /// <summary>Gets whether every tensor of the file and of the model was matched.</summary>
    public bool IsComplete => ReinitializedTensors.Count == 0 && Missing.Count == 0 && Unexpected.Count == 0;

    /// <summary>Returns the report as text, with one name per line.</summary>
    public override string ToString()
    {
        StringBuilder text = new($"{Loaded.Count} tensors loaded");
        Append("re-initialized", [.. ReinitializedTensors.Select(tensor => tensor.ToString())]);
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
