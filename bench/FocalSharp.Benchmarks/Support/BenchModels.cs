using System.Diagnostics;

namespace FocalSharp.Benchmarks.Support;

/// <summary>
/// The model that is measured: the file that <c>FOCALSHARP_BENCH_MODEL</c> names, else a recipe's network (<c>FOCALSHARP_BENCH_RECIPE</c>, default gfl-lite)
/// with fresh weights at 640 px, written by a process of its own, so that libtorch's threads do not stand beside the measurement.
/// </summary>
public static class BenchModels
{
    /// <summary>The recipe of models that are written here.</summary>
    public static string Recipe => Environment.GetEnvironmentVariable("FOCALSHARP_BENCH_RECIPE") is { Length: > 0 } recipe ? recipe : "gfl-lite";

    /// <summary>The model with NMS inside.</summary>
    public static string Detections => Environment.GetEnvironmentVariable("FOCALSHARP_BENCH_MODEL") is { Length: > 0 } path ? path : GetOrWrite("detections");

    /// <summary>A written model of another variant.</summary>
    public static string GetOrWrite(string variant)
    {
        string path = Path.Combine(Path.GetTempPath(), "focalsharp-bench", $"{Recipe}-{variant}-{Environment.ProcessId}.onnx");
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using Process writer = Process.Start(Environment.ProcessPath!, [.. Host(), "model", Recipe, variant, path]);
            writer.WaitForExit();
            if (writer.ExitCode != 0)
            {
                throw new InvalidOperationException($"The model of recipe {Recipe} could not be written.");
            }
        }

        return path;
    }

    // Under 'dotnet program.dll' the process is dotnet itself.
    private static string[] Host() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) is "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
}
