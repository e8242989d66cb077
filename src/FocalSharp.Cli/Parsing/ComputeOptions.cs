using System.CommandLine;
using FocalSharp.Torch.Native;

namespace FocalSharp.Cli.Parsing;

/// <summary>The options that say where and how exactly the network is computed.</summary>
internal static class ComputeOptions
{
    /// <summary><c>--device</c>.</summary>
    public static Option<string?> Device() => new("--device") { HelpName = "NAME", Description = "Device as TorchSharp names it: cpu, cuda, cuda:1, mps" };

    /// <summary><c>--precision</c>.</summary>
    /// <param name="otherwise">What holds where it is not given.</param>
    public static Option<string?> Precision(string otherwise) => ChoiceOption.Create(
        "--precision", $"Arithmetic of the convolutions; auto takes bf16 where the CPU has it [default: {otherwise}]", "auto", "float32", "bf16");

    /// <summary>What was given, else the default.</summary>
    public static Precision ParsePrecision(string? given, Precision otherwise) => given switch
    {
        "auto" => Torch.Native.Precision.Auto,
        "float32" => Torch.Native.Precision.Float32,
        "bf16" => Torch.Native.Precision.BFloat16,
        _ => otherwise,
    };
}
