using static TorchSharp.torch;

namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>Folds a network's batch norms into the convolutions before them until disposed.</summary>
internal sealed class FoldedNorms : IDisposable
{
    private readonly List<ConvLayer> _folded = [];

    /// <summary>Folds the norms that are in evaluation mode and that no outer scope has folded.</summary>
    public FoldedNorms(nn.Module network)
    {
        foreach ((ConvLayer conv, TorchSharp.Modules.BatchNorm2d norm) in network.modules().OfType<INormedConvs>().SelectMany(module => module.NormedConvs))
        {
            if (!conv.IsFolded && !norm.training && norm.affine && norm.track_running_stats)
            {
                conv.Fold(norm);
                _folded.Add(conv);
            }
        }
    }

    public void Dispose()
    {
        _folded.ForEach(conv => conv.Unfold());
        _folded.Clear();
    }
}
