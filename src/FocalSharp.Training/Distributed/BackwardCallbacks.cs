using static TorchSharp.torch;

namespace FocalSharp.Training.Distributed;

/// <summary>
/// Inserts <see cref="BackwardCallback"/>s at the inputs of a network's blocks: of the smallest modules with at least a given number of trainable
/// parameters. It needs nothing of the modules but that they map a tensor to a tensor and are called by <c>call</c>; parameters outside of them are
/// covered by the block before.
/// </summary>
internal sealed class BackwardCallbacks : IDisposable
{
    private readonly List<Action> _removals = [];
    private readonly Action _reached;

    /// <summary>Initializes the callbacks.</summary>
    /// <param name="network">The network.</param>
    /// <param name="minParameters">The minimum number of trainable values of a block.</param>
    /// <param name="reached">Called when the backward pass has left a block.</param>
    public BackwardCallbacks(nn.Module network, long minParameters, Action reached)
    {
        _reached = reached;
        _ = Attach(network, minParameters);
    }

    /// <summary>Gets or sets whether a forward pass inserts callbacks (default: false).</summary>
    public bool IsActive { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _removals.ForEach(remove => remove());

    /// <returns>Whether the module or one within it is a block.</returns>
    private bool Attach(nn.Module module, long minParameters)
    {
        bool contains = false;
        foreach (nn.Module child in module.children())
        {
            contains |= Attach(child, minParameters);
        }

        if (contains || module is not nn.Module<Tensor, Tensor> block || module.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.numel()) < minParameters)
        {
            return contains;
        }

        _removals.Add(block.register_forward_pre_hook((_, input) => IsActive && input.requires_grad ? BackwardCallback.Insert(input, _reached) : input).remove);
        return true;
    }
}
