using SkiaSharp;

namespace FocalSharp.Imaging;

/// <summary>SkiaSharp's native library.</summary>
internal static class SkiaLibrary
{
    /// <summary>Gets the check.</summary>
    public static NativeLibraryCheck Check { get; } = new(
        "SkiaSharp's native library (libSkiaSharp)",
        "Add the package SkiaSharp.NativeAssets.Linux.NoDependencies, .Win32 or .macOS, in the version of SkiaSharp, to the application's project, and build for this platform.",
        () => SKData.CreateCopy([0]).Dispose());
}
