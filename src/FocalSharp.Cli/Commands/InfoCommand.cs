using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Runtime;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using TorchSharp;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp info</c>: describes this machine, or a model.</summary>
internal sealed class InfoCommand : CliCommand
{
    private readonly ModelArgument _model = new();
    private readonly Option<string?> _json = SharedOptions.Json("Write the description as JSON");

    public InfoCommand(ConsoleUi ui)
        : base(ui, "info", "Show information about this machine, or about a model.")
    {
        Examples =
        [
            new("focalsharp info", "versions, CPU features, threads, and whether libtorch loads"),
            new("focalsharp info runs/demo", "a model's classes, architecture, input size and thresholds"),
        ];
        AddSymbols(_model.Model, _model.Weights, _json);
    }

    public override IEnumerable<string> Validate(CommandResult result) =>
        _model.Split(result).Others.Select(extra => $"Unexpected argument '{extra}': --weights already names the model.");

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        JsonOutput output = new(parsed.GetValue(_json), Ui);
        bool nativeLoads = true;
        List<KeyValuePair<string, string>> fields = _model.Split(parsed.CommandResult).Model is { } model ? DescribeModel(model) : DescribeMachine(out nativeLoads);
        foreach ((string name, string value) in fields)
        {
            output.Ui.Field(name, value, width: 18);
        }

        output.Write(() => JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            foreach ((string name, string value) in fields)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }));
        if (!nativeLoads)
        {
            LibTorch.EnsureLoaded(); // throws with the reason
        }

        return Task.FromResult(ExitCodes.Success);
    }

    private static List<KeyValuePair<string, string>> DescribeMachine(out bool nativeLoads)
    {
        nativeLoads = LibTorch.IsAvailable;
        List<KeyValuePair<string, string>> info =
        [
            new("FocalSharp", VersionAction.Version),
            new(".NET", RuntimeInformation.FrameworkDescription),
            new("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}"),
            new("processors", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
            new("CPU features", GetCpuFeatures()),
            new("memory", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0.0} GB"),
            new("TorchSharp", typeof(torch).Assembly.GetName().Version?.ToString(3) ?? "unknown"),
            new("libtorch", nativeLoads ? "loads" : "does not load"),
        ];
        if (nativeLoads)
        {
            info.Add(new("threads", torch.get_num_threads().ToString(CultureInfo.InvariantCulture)));
            info.Add(new("CUDA", torch.cuda_is_available() ? $"{torch.cuda.device_count()} devices" : "not available"));
        }

        info.Add(new("precision auto", Precision.Auto.Resolve() == Precision.BFloat16
            ? "bf16 (supported by the CPU)" : "float32 (the CPU has no bf16 instructions)"));
        return info;
    }

    private static string DescribeBackbone(BackboneOptions options) => options switch
    {
        ResNetOptions resNet => $"ResNet-{resNet.Depth}, {resNet.BaseChannels} base channels",
        CspNetOptions csp => $"CSP network, {csp.BaseChannels} base channels",
        ShuffleNetV2Options shuffle => string.Create(CultureInfo.InvariantCulture, $"ShuffleNetV2 {shuffle.Width:0.0}x"),
        _ => options.Kind,
    };

    private static string DescribeHead(HeadOptions options) => options is GflHeadOptions head
        ? $"{(head.QualityPredictor is null ? "GFL" : "GFLv2")}, {head.StackedConvs} convolutions of {head.Channels} channels"
        : options.Kind;

    private static List<KeyValuePair<string, string>> DescribeModel(string path)
    {
        string file = ModelZoo.Resolve(path);
        using IDetector detector = DetectorLoader.Load(file);
        ModelInfo model = detector.Model;
        List<KeyValuePair<string, string>> info =
        [
            new("file", file),
            new("size on disk", string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(file).Length / 1e6:0.0} MB")),
            new("classes", $"{model.Classes.Count}: {string.Join(", ", model.Classes)}"),
            new("strides", string.Join(", ", model.Strides)),
            new("regMax", model.RegMax.ToString(CultureInfo.InvariantCulture)),
            new("input", DescribeInput(model.Resize)),
            new("detections", string.Create(
                CultureInfo.InvariantCulture,
                $"score above {model.Postprocess.ScoreThreshold}, NMS IoU threshold {model.Postprocess.NmsThreshold}, at most {model.Postprocess.MaxDetections} per image")),
        ];
        if (detector is TorchDetector weights)
        {
            info.AddRange(DescribeNetwork(weights));
            info.AddRange(weights.Metadata);
            return info;
        }

        info.Add(new("name", model.Name));
        info.Add(new("outputs", model.Variant.ToString().ToLowerInvariant()));
        info.Add(new("license", model.License.Length > 0 ? model.License : "not stated"));
        return info;
    }

    private static KeyValuePair<string, string>[] DescribeNetwork(TorchDetector weights)
    {
        DetectorOptions options = weights.Network.Options;
        return
        [
            new("parameters", weights.Network.parameters().Sum(parameter => parameter.numel()).ToString("N0", CultureInfo.InvariantCulture)),
            new("backbone", DescribeBackbone(options.Backbone)),
            new("neck", $"{options.Neck.Kind.ToUpperInvariant()}, {options.Neck.Channels} channels, levels at strides {string.Join(", ", options.Head.Strides)}"),
            new("head", DescribeHead(options.Head)),
        ];
    }

    private static string DescribeInput(ResizeRule rule) => rule.IsStretched
        ? $"stretched to {rule.LongSide}x{rule.ShortSide} px"
        : $"longer side {rule.LongSide} px, shorter side {rule.ShortSide} px, padded to multiples of {rule.Divisor}";

    private static string GetCpuFeatures()
    {
        (string Name, bool Has)[] features =
        [
            ("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported), ("AVX-512", Avx512F.IsSupported),
            ("BF16", PrecisionSupport.HasNativeBFloat16), ("NEON", System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported),
        ];
        string[] present = [.. features.Where(feature => feature.Has).Select(feature => feature.Name)];
        return present.Length == 0 ? "none of AVX2, FMA, AVX-512, BF16, NEON" : string.Join(", ", present);
    }
}
