using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>
/// Folds a network's batch norms into the convolutions before them, and branches that are one convolution into it, until disposed.
/// </summary>
internal sealed class FoldedNorms : IDisposable
{
    private readonly List<Action> _unfold = [];

    /// <summary>Folds the norms that are in evaluation mode and that no outer scope has folded.</summary>
    public FoldedNorms(nn.Module network)
    {
        foreach ((ConvLayer conv, TorchSharp.Modules.BatchNorm2d norm) in network.modules().OfType<INormedConvs>().SelectMany(module => module.NormedConvs))
        {
            if (!conv.IsFolded && !norm.training && norm.affine && norm.track_running_stats)
            {
                conv.Fold(norm);
                _unfold.Add(conv.Unfold);
            }
        }

        foreach (IReparameterized block in network.modules().OfType<IReparameterized>().Where(block => block.CanFold))
        {
            block.Fold();
            _unfold.Add(block.Unfold);
        }
    }

    public void Dispose()
    {
        _unfold.ForEach(unfold => unfold());
        _unfold.Clear();
    }
}
