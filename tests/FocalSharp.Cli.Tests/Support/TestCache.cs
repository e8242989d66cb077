using System.Runtime.CompilerServices;
using FocalSharp.IO;

namespace FocalSharp.Cli.Tests.Support;

/// <summary>Sets a temporary model cache for the test process, so that the user's is not used.</summary>
internal static class TestCache
{
    public static string Path { get; } = Directory.CreateTempSubdirectory("focalsharp-cache-").FullName;

    [ModuleInitializer]
    internal static void Use()
    {
        Environment.SetEnvironmentVariable(CacheFolder.EnvironmentVariable, Path);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Path, recursive: true);
    }
}
