using System.Diagnostics;

namespace FocalSharp.Benchmarks.Support;

/// <summary>
/// The measured model: the file in <c>FOCALSHARP_BENCH_MODEL</c>, else a recipe's network (<c>FOCALSHARP_BENCH_RECIPE</c>, default gfl-lite) with random
/// weights at 640 px. It is written by another process, so that libtorch's threads do not disturb the measurement.
/// </summary>
public static class BenchModels
{
    /// <summary>Gets the recipe of generated models.</summary>
    public static string Recipe => Environment.GetEnvironmentVariable("FOCALSHARP_BENCH_RECIPE") is { Length: > 0 } recipe ? recipe : "gfl-lite";

    /// <summary>Gets the path of the model with NMS.</summary>
    public static string Detections => Environment.GetEnvironmentVariable("FOCALSHARP_BENCH_MODEL") is { Length: > 0 } path ? path : GetOrWrite("detections");

    /// <summary>Returns the path of a generated model of another variant; writes it on first use.</summary>
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
