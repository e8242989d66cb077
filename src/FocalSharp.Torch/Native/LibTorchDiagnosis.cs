using System.Runtime.InteropServices;

namespace FocalSharp.Torch.Native;

/// <summary>Explains why libtorch does not load. TorchSharp's own message always names a missing package.</summary>
internal static class LibTorchDiagnosis
{
    /// <summary>Returns the explanation of a failed load.</summary>
    /// <param name="baseDirectory">The folder of the application.</param>
    /// <param name="tryOpen">Opens a native library by path; returns null, or the dynamic loader's error.</param>
    /// <param name="runtimeIdentifier">The platform as .NET names it; null for this one.</param>
    /// <returns>What is missing and how to fix it, in a few lines.</returns>
    public static string Explain(string baseDirectory, Func<string, string?> tryOpen, string? runtimeIdentifier = null)
    {
        runtimeIdentifier ??= RuntimeInformation.RuntimeIdentifier;
        string[] folders = [Path.Combine(baseDirectory, "runtimes", RuntimeFolder(), "native"), baseDirectory];
        (string torch, string binding) = LibraryNames();
        string? torchPath = Find(folders, torch);
        if (torchPath is null && ExplainPlatform(runtimeIdentifier) is { } platform)
        {
            return platform;
        }

        if (torchPath is null)
        {
            return $"libtorch is not in this build: no {torch} under {folders[0]}.\n"
                + "Add the package libtorch-cpu-linux-x64 (or -win-x64, -osx-arm64) 2.10.0 to the application's project, and build again.";
        }

        if (tryOpen(torchPath) is { } torchComplaint)
        {
            return SupportedPlatforms.GetProblem(runtimeIdentifier) ?? $"libtorch exists but does not load: {torchComplaint}\n"
                + "A system library is missing or the file is damaged: install the library named above, or restore and build again.";
        }

        string? bindingPath = Find(folders, binding);
        if (bindingPath is null)
        {
            return $"TorchSharp's native part is not in this build: no {binding} under {folders[0]}. Restore and build again.";
        }

        string? complaint = tryOpen(bindingPath);
        if (complaint is null)
        {
            return "libtorch and TorchSharp's native part load, but TorchSharp does not start: "
                + "see the inner exception, and check that the build contains only one version of TorchSharp.";
        }

        return complaint.Contains("GLIBCXX_3.4.32", StringComparison.Ordinal)
            ? "TorchSharp's native part needs GLIBCXX_3.4.32, which this system's libstdc++ (before GCC 13) does not have.\n"
                + "FocalSharp's build marks that requirement as weak in the output; this output was not built that way. Build with "
                + "eng/libtorch/FocalSharp.Torch.targets imported (the package FocalSharp.Torch brings it), or update libstdc++."
            : $"TorchSharp's native part does not load: {complaint}";
    }

    private static string? ExplainPlatform(string runtimeIdentifier) => SupportedPlatforms.GetProblem(runtimeIdentifier)
        ?? (runtimeIdentifier.StartsWith("linux", StringComparison.Ordinal) && runtimeIdentifier.EndsWith("arm64", StringComparison.Ordinal)
            ? $"TorchSharp has no binaries for {runtimeIdentifier}: train and export elsewhere (linux-x64, win-x64, win-arm64, osx-arm64), and detect here with FocalSharp.Runtime."
            : null);

    private static string? Find(string[] folders, string file) =>
        folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    private static string RuntimeFolder()
    {
        string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        return $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
    }

    private static (string Torch, string Binding) LibraryNames() =>
        OperatingSystem.IsWindows() ? ("torch_cpu.dll", "LibTorchSharp.dll")
        : OperatingSystem.IsMacOS() ? ("libtorch_cpu.dylib", "libLibTorchSharp.dylib")
        : ("libtorch_cpu.so", "libLibTorchSharp.so");
}
