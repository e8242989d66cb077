namespace FocalSharp.Torch.Modeling.Layers;

/// <summary>A module that trains several branches and computes them as one convolution for inference.</summary>
internal interface IReparameterized
{
    /// <summary>Gets whether the branches can be replaced: all norms are in evaluation mode, and nothing has replaced them yet.</summary>
    bool CanFold { get; }

    /// <summary>Replaces the branches by one convolution until <see cref="Unfold"/>. The parameters do not change.</summary>
    void Fold();

    /// <summary>Computes the branches again.</summary>
    void Unfold();
}
