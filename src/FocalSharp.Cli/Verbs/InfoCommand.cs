using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>info</c>.</summary>
internal static class InfoCommand
{
    /// <summary>Describes the machine or a model and returns the exit code.</summary>
    public static int Run(string? model, string? json, ConsoleUi ui, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ui.Field("FocalSharp", VersionAction.Version + model + json);
        ui.Field(".NET", RuntimeInformation.FrameworkDescription);
        ui.Field("System", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}");
        ui.Field("Processors", $"{Environment.ProcessorCount}");
        ui.Field("AVX2", Avx2.IsSupported ? "yes" : "no");
        return ExitCodes.Success;
    }
}
