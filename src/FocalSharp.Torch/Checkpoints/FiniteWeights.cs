using FocalSharp.Checkpoints;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>Checks that weights are finite. A model with one NaN detects nothing, without any error.</summary>
internal static class FiniteWeights
{
    /// <summary>Requires that a tensor of a file is finite.</summary>
    /// <exception cref="ModelException">It contains NaN or infinity.</exception>
    public static void Require(string name, StateTensor tensor)
    {
        if (!tensor.IsFinite())
        {
            throw new ModelException(
                $"tensor '{name}' contains NaN or infinity, so that the model would detect nothing. Its training diverged: use weights from before, or train again with a lower learning rate.");
        }
    }

    /// <summary>Returns the name of the first tensor of a module that contains NaN or infinity; null if all are finite.</summary>
    public static string? FindNonFinite(nn.Module module)
    {
        foreach ((string name, Tensor tensor) in module.state_dict())
        {
            if (tensor.is_floating_point() && tensor.NumberOfElements > 0)
            {
                using Tensor finite = tensor.isfinite();
                using Tensor all = finite.all();
                if (!all.item<bool>())
                {
                    return name;
                }
            }
        }

        return null;
    }
}
