using System.Runtime.InteropServices;

namespace FocalSharp;

/// <summary>The platforms that the native libraries have no binaries for. Both libtorch and ONNX Runtime are left out there, so nothing can run a model.</summary>
internal static class SupportedPlatforms
{
    /// <summary>Gets why models cannot run on this platform; null if the native libraries may load.</summary>
    public static string? Problem => GetProblem(RuntimeInformation.RuntimeIdentifier);

    /// <summary>Returns why models cannot run on a platform; null if the native libraries may load.</summary>
    /// <param name="runtimeIdentifier">The platform as .NET names it, for example <c>linux-musl-x64</c>.</param>
    public static string? GetProblem(string runtimeIdentifier)
    {
        if (runtimeIdentifier.Contains("musl", StringComparison.Ordinal) || runtimeIdentifier.StartsWith("alpine", StringComparison.Ordinal))
        {
            return $"This system ({runtimeIdentifier}) uses musl, and libtorch and ONNX Runtime need glibc: use a distribution or a container image with glibc, such as Debian or Ubuntu.";
        }

        return runtimeIdentifier.StartsWith("osx", StringComparison.Ordinal) && runtimeIdentifier.EndsWith("-x64", StringComparison.Ordinal)
            ? $"This process ({runtimeIdentifier}) is for Intel Macs, for which libtorch and ONNX Runtime have no binaries: use .NET for Arm64 on a Mac with Apple silicon."
            : null;
    }
}
