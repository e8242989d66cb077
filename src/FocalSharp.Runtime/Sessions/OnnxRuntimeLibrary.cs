using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Runtime.Sessions;

/// <summary>ONNX Runtime's native library.</summary>
internal static class OnnxRuntimeLibrary
{
    /// <summary>Gets the check.</summary>
    public static NativeLibraryCheck Check { get; } = new(
        "ONNX Runtime's native library (onnxruntime)",
        "Add the package Microsoft.ML.OnnxRuntime, or the one of an execution provider, to the application's project, and build for this platform.",
        () => _ = OrtEnv.Instance().GetVersionString());

    /// <summary>Returns the version and the execution providers of the build.</summary>
    public static string Describe() =>
        $"{OrtEnv.Instance().GetVersionString()}, {string.Join(", ", OrtEnv.Instance().GetAvailableProviders().Select(ExecutionProvider.GetShortName))}";
}
