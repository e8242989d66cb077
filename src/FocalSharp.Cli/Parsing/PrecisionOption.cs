using System.CommandLine;
using FocalSharp.Torch.Native;

namespace FocalSharp.Cli.Parsing;

/// <summary><c>--precision</c>: the arithmetic of the network's convolutions.</summary>
internal static class PrecisionOption
{
    /// <summary>Creates the option.</summary>
    /// <param name="defaultWord">The default, shown in the help text.</param>
    public static Option<string?> Create(string defaultWord) => ChoiceOption.Create(
        "--precision", $"Arithmetic of the convolutions; auto uses bf16 if the CPU supports it [default: {defaultWord}]", "auto", "float32", "bf16");

    /// <summary>Creates <c>--gradient-precision</c>: how gradients are sent between ranks.</summary>
    public static Option<string?> CreateForGradients() => ChoiceOption.Create(
        "--gradient-precision", "How gradients are sent between ranks, under mpirun; bf16 halves the bytes and rounds [default: the recipe's, float32]", "float32", "bf16");

    /// <summary>Returns the precision that a word stands for, or the default if the option is not given.</summary>
    public static Precision Parse(string? word, Precision defaultValue) => word switch
    {
        "auto" => Precision.Auto,
        "float32" => Precision.Float32,
        "bf16" => Precision.BFloat16,
        _ => defaultValue,
    };
}
