using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Models;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Necks;
using FocalSharp.Torch.Native;
using TorchSharp;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>info</c>: the machine as the tool sees it, or a model.</summary>
internal static class InfoCommand
{
    /// <summary>Describes and returns the exit code: failure where libtorch does not load.</summary>
    public static int Run(string? model, string? json, ConsoleUi ui, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        JsonOutput output = new(json, ui);
        bool fine = true;
        IReadOnlyList<KeyValuePair<string, string>> info = model is null ? Machine(out fine) : Model(model);
        foreach ((string name, string value) in info)
        {
            output.Ui.Field(name, value, width: 18);
        }

        output.Write(() => Json(info));
        if (!fine)
        {
            LibTorch.EnsureLoaded(); // says why
        }

        return ExitCodes.Success;
    }

    private static List<KeyValuePair<string, string>> Machine(out bool fine)
    {
        fine = LibTorch.IsAvailable;
        List<KeyValuePair<string, string>> info =
        [
            new("FocalSharp", VersionAction.Version),
            new(".NET", RuntimeInformation.FrameworkDescription),
            new("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}"),
            new("processors", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
            new("CPU features", CpuFeatures()),
            new("memory", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0.0} GB"),
            new("TorchSharp", typeof(torch).Assembly.GetName().Version?.ToString(3) ?? "unknown"),
            new("libtorch", fine ? "loads" : "does not load"),
        ];
        if (fine)
        {
            info.Add(new("threads", torch.get_num_threads().ToString(CultureInfo.InvariantCulture)));
            info.Add(new("CUDA", torch.cuda_is_available() ? $"{torch.cuda.device_count()} devices" : "not in this build, or no device"));
        }

        info.Add(new("precision auto", Precision.Auto.Resolve() == Precision.BFloat16
            ? "bf16 (the CPU computes it)" : "float32 (the CPU has no bf16 instructions)"));
        return info;
    }

    private static List<KeyValuePair<string, string>> Model(string path)
    {
        using LoadedModel model = LoadedModel.Load(path);
        DetectorOptions options = model.Detector.Options;
        List<KeyValuePair<string, string>> info =
        [
            new("file", model.Path),
            new("size on disk", string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(model.Path).Length / 1e6:0.0} MB")),
            new("parameters", model.Detector.parameters().Sum(parameter => parameter.numel()).ToString("N0", CultureInfo.InvariantCulture)),
            new("classes", $"{options.Classes.Count}: {string.Join(", ", options.Classes)}"),
            new("backbone", $"{(options.Backbone.Csp is null ? $"ResNet-{options.Backbone.Depth}" : "CSP net")}, {options.Backbone.BaseChannels} base channels"),
            new("neck", $"{(options.Neck.Kind == NeckKind.Pan ? "PAN" : "FPN")}, {options.Neck.Channels} channels, {options.Neck.Levels} levels from C{options.Neck.StartLevel + 2}"),
            new("head", $"{(options.Head.QualityPredictor is null ? "GFL" : "GFLv2")}, {options.Head.StackedConvs} convolutions "
                + $"of {options.Head.Channels} channels, regMax {options.Head.RegMax}"),
            new("strides", string.Join(", ", options.Head.Strides)),
            new("input", Input(model.ResizeRule)),
            new("detections", string.Create(
                CultureInfo.InvariantCulture,
                $"score above {options.Postprocess.ScoreThreshold}, NMS {options.Postprocess.NmsThreshold}, at most {options.Postprocess.MaxDetections} an image")),
        ];
        info.AddRange(model.Metadata);
        return info;
    }

    private static string Input(ResizeRule rule) => rule.Mode == ResizeMode.Stretch
        ? $"stretched to {rule.LongSide}x{rule.ShortSide} px"
        : $"longer side {rule.LongSide} px, shorter side {rule.ShortSide} px, padded to multiples of {rule.Divisor}";

    private static string CpuFeatures()
    {
        (string Name, bool Has)[] features =
        [
            ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported), ("AVX-512", Avx512F.IsSupported),
            ("BF16", PrecisionSupport.HasNativeBFloat16), ("NEON", System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported),
        ];
        string[] present = [.. features.Where(feature => feature.Has).Select(feature => feature.Name)];
        return present.Length == 0 ? "none of AVX2, FMA, AVX-512, BF16, NEON" : string.Join(", ", present);
    }

    private static string Json(IReadOnlyList<KeyValuePair<string, string>> info) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        foreach ((string name, string value) in info)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
    });
}
