using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>Converts integer labels to one target per class.</summary>
internal static class LabelTargets
{
    /// <summary>Converts labels to class indices <c>[N, 1]</c>, with C for background.</summary>
    public static Tensor Indices(Tensor label, long classes, bool backgroundFirst)
    {
        Tensor index = backgroundFirst ? label.to(int64) - 1 : label.to(int64);
        return where(index.lt(0).logical_or(index.gt(classes)), full_like(index, classes), index).unsqueeze(1);
    }

    /// <summary>Creates targets <c>[N, C]</c>: each row's value at its class, 0 elsewhere.</summary>
    public static Tensor Dense(Tensor label, Tensor value, long classes, bool backgroundFirst)
    {
        Tensor target = zeros([label.size(0), classes + 1], value.dtype, value.device);
        return target.scatter_(1, Indices(label, classes, backgroundFirst), value.unsqueeze(1)).narrow(1, 0, classes);
    }
}
