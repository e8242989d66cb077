using static TorchSharp.torch;

namespace FocalSharp.Torch.Native;

/// <summary>Turns a device's name into a device that is there.</summary>
public static class ComputeDevice
{
    /// <summary>The name of the device that is always there.</summary>
    public const string Cpu = "cpu";

    /// <summary>The device of a name: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, <c>mps</c>.</summary>
    /// <exception cref="FocalSharpException">The name means nothing to libtorch, or this machine or build has no such device.</exception>
    public static Device Resolve(string name)
    {
        LibTorch.EnsureLoaded();
        try
        {
            Device found = device(name);
            using Tensor probe = zeros(1, device: found);
            return found;
        }
        catch (Exception exception) when (exception is not FocalSharpException)
        {
            string reason = exception.Message.Split('\n', 2)[0].TrimEnd('\r', '.');
            throw new FocalSharpException(
                $"--device {name}: cannot be used ({reason}). Names are cpu, cuda, cuda:1, mps; all but cpu need a libtorch built for them.", exception);
        }
    }
}
