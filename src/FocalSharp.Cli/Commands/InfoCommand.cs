using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FocalSharp.Cli.Machine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Detections.Calibration;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Models;
using FocalSharp.Models.Catalog;
using FocalSharp.Runtime;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;

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
        MachineReport report = _model.Split(parsed.CommandResult).Model is { } model ? new MachineReport(DescribeModel(model), []) : MachineReport.Create();
        DoctorCommand.Write(report, output);
        foreach (string problem in report.Problems)
        {
            Ui.Error(problem);
        }

        return Task.FromResult(report.Problems.Count == 0 ? ExitCodes.Success : ExitCodes.UserError);
    }

    private static string DescribeDeformable(IReadOnlyList<int> stages) =>
        stages.Count == 0 ? "" : $", deformable in {string.Join(", ", stages.Select(stage => $"c{stage + 1}"))}";

    private static string DescribeBackbone(BackboneOptions options) => options switch
    {
        ResNetOptions { Groups: > 1 } resNext => $"ResNeXt-{resNext.Depth}-{resNext.Groups}x{resNext.GroupWidth}d{DescribeDeformable(resNext.DeformableStages)}",
        ResNetOptions resNet => $"ResNet-{resNet.Depth}, {resNet.BaseChannels} base channels{DescribeDeformable(resNet.DeformableStages)}",
        Res2NetOptions res2Net => $"Res2Net-{res2Net.Depth}-{res2Net.BaseWidth}w-{res2Net.Scales}s{DescribeDeformable(res2Net.DeformableStages)}",
        CspNetOptions csp => $"CSP network, {csp.BaseChannels} base channels",
        ShuffleNetV2Options shuffle => string.Create(CultureInfo.InvariantCulture, $"ShuffleNetV2 {shuffle.Width:0.0}x"),
        EsNetOptions esnet => string.Create(CultureInfo.InvariantCulture, $"ESNet {esnet.Scale:0.0#}x"),
        LcNetOptions lcnet => string.Create(CultureInfo.InvariantCulture, $"LCNet {lcnet.Scale:0.0#}x"),
        EfficientNetLiteOptions lite => $"EfficientNet-Lite{lite.Variant}",
        RepVggOptions repVgg => $"RepVGG-{repVgg.Variant}{(repVgg.Deploy ? ", re-parameterized" : "")}",
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
        if (model.Calibration is { } calibration)
        {
            info.Add(new("calibration", DescribeCalibration(model, calibration)));
        }

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

    private static string DescribeCalibration(ModelInfo model, DetectionCalibration calibration)
    {
        List<string> parts = [];
        if (calibration.Source is { } source)
        {
            parts.Add($"{(model.Calibration!.Scores is null ? "" : "scores and ")}edges, from {source.Images} images of {source.Data}{(source.Split.Length > 0 ? $", {source.Split}" : "")} with {source.Boxes} matched boxes");
        }

        if (calibration.Thresholds is { } thresholds)
        {
            parts.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"score thresholds of {thresholds.ByClass.Count(value => value is not null)} classes for a {thresholds.Metric} of {thresholds.Target} with confidence {thresholds.Confidence}"));
        }

        return string.Join("; ", parts);
    }

    private static string DescribeInput(ResizeRule rule) => rule.IsStretched
        ? $"stretched to {rule.LongSide}x{rule.ShortSide} px"
        : $"longer side {rule.LongSide} px, shorter side {rule.ShortSide} px, padded to multiples of {rule.Divisor}";
}
