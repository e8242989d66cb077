using static TorchSharp.torch;

namespace FocalSharp.Torch.Native;

/// <summary>Resolves device names.</summary>
internal static class ComputeDevice
{
    /// <summary>The name of the CPU.</summary>
    public const string Cpu = "cpu";

    /// <summary>Returns the device of a name: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, <c>mps</c>.</summary>
    /// <exception cref="PlatformException">
    /// libtorch does not know the name, or this machine or build does not have the device.
    /// </exception>
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
            throw new PlatformException(
                $"The device '{name}' cannot be used ({reason}). Devices are cpu, cuda, cuda:1 and mps; all but cpu need a libtorch built for them.", exception);
        }
    }
}
