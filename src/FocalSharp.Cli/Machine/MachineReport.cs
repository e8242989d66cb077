using System.Globalization;
using System.Runtime.InteropServices;
using FocalSharp.Cli.Parsing;
using FocalSharp.Imaging;
using FocalSharp.IO;
using FocalSharp.Runtime.Sessions;
using FocalSharp.Torch.Native;
using TorchSharp;

namespace FocalSharp.Cli.Machine;

/// <summary>What a report about this machine needs: versions, CPU, threads, memory, caches, and what is missing.</summary>
/// <param name="Fields">Names and values.</param>
/// <param name="Problems">What is missing and how to add it; empty if nothing is.</param>
internal sealed record MachineReport(IReadOnlyList<KeyValuePair<string, string>> Fields, IReadOnlyList<string> Problems)
{
    private const string Loads = "loads";
    private const string Fails = "does not load";

    // Settings of the environment that change results, speed or places. Secrets, for example API keys, are not listed.
    private static readonly string[] Variables =
    [
        "FOCALSHARP_CACHE", "XDG_CACHE_HOME", "OMP_NUM_THREADS", "OMP_WAIT_POLICY", "MALLOC_ARENA_MAX", "DOTNET_gcServer", "DOTNET_GCHeapHardLimit", "DOTNET_EnableAVX512F", "CUDA_VISIBLE_DEVICES",
    ];

    /// <summary>Describes this machine.</summary>
    public static MachineReport Create()
    {
        List<string> problems = [];
        bool hasTorch = LibTorch.IsAvailable;
        if (!hasTorch)
        {
            problems.Add(LibTorch.Problem!);
        }

        string? skia = SkiaLibrary.Check.Problem;
        string? onnx = OnnxRuntimeLibrary.Check.Problem;
        problems.AddRange(new[] { skia, onnx }.OfType<string>());
        List<KeyValuePair<string, string>> fields =
        [
            new("FocalSharp", VersionAction.Version),
            new(".NET", RuntimeInformation.FrameworkDescription),
            new("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture} ({RuntimeInformation.RuntimeIdentifier})"),
            new("processors", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
            new("CPU features", CpuFeatures.Describe()),
            new("vectors", $"{CpuFeatures.GetVectorBits()} bits"),
            new("memory", FormatBytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)),
            new("TorchSharp", GetVersion(typeof(torch))),
            new("libtorch", hasTorch ? Loads : Fails),
        ];
        if (hasTorch)
        {
            fields.Add(new("threads", torch.get_num_threads().ToString(CultureInfo.InvariantCulture)));
            fields.Add(new("CUDA", torch.cuda_is_available() ? $"{torch.cuda.device_count()} devices" : "not available"));
        }

        fields.Add(new("precision auto", Precision.Auto.Resolve() == Precision.BFloat16 ? "bf16 (supported by the CPU)" : "float32 (the CPU has no bf16 instructions)"));
        fields.Add(new("ONNX Runtime", onnx is null ? OnnxRuntimeLibrary.Describe() : Fails));
        fields.Add(new("SkiaSharp", $"{GetVersion(typeof(SkiaSharp.SKData))}, {(skia is null ? Loads : Fails)}"));
        AddCache(fields, problems);
        fields.AddRange(Variables.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name))).Where(pair => pair.Value is { Length: > 0 })
            .Select(pair => new KeyValuePair<string, string>(pair.Name, pair.Value!)));
        return new MachineReport(fields, problems);
    }

    private static void AddCache(List<KeyValuePair<string, string>> fields, List<string> problems)
    {
        try
        {
            string folder = CacheFolder.Locate();
            if (!Directory.Exists(folder))
            {
                fields.Add(new("cache", $"{folder} (empty)"));
                return;
            }

            EnumerationOptions all = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };
            fields.Add(new("cache", $"{folder}, {FormatBytes(new DirectoryInfo(folder).EnumerateFiles("*", all).Sum(file => file.Length))}"));
            DirectoryAccess.RequireWritable(folder);
        }
        catch (Exception exception) when (exception is FocalSharpException or IOException or UnauthorizedAccessException)
        {
            problems.Add(exception.Message);
        }
    }

    private static string GetVersion(Type type) => type.Assembly.GetName().Version?.ToString(3) ?? "unknown";

    private static string FormatBytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB");
}
