using System.Runtime.CompilerServices;
using FocalSharp.Models.Catalog;

namespace FocalSharp.Cli.Tests.Support;

/// <summary>Gives the whole test process a model cache of its own, so that the user's is neither needed nor touched.</summary>
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
