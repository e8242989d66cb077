using System.Globalization;
using FocalSharp.Checkpoints;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Checkpoints;

/// <summary>State dicts under the names of PaddleDetection's modules, written out by hand from its classes.</summary>
public sealed class PaddleNamesTests
{
    [Theory]
    [InlineData("PicoDet-S (2021)")]
    [InlineData("PicoDet-M (2021)")]
    [InlineData("PicoDet-XS (2022)")]
    [InlineData("PicoDet-L (2022)")]
    public void A_paddle_state_dict_gives_its_variant_and_every_tensor(string name)
    {
        using DisposeScope scope = NewDisposeScope();
        PicoDetVariant variant = PicoDet.Variants.Single(variant => variant.Name == name).WithNorm(NormKind.Batch);
        using GflDetector original = new(variant.ToOptions(["a", "b"]), seed: 5);
        StateDict paddle = ToPaddle(TensorConversion.ToState(original), joined: !variant.Head.TaskAligned);

        DetectorOptions options = CheckpointInspector.InferOptions(paddle);

        Assert.Equal(variant.Neck, options.Neck);
        Assert.Equal((variant.Head.TaskAligned, variant.Head.Channels, variant.Head.StackedConvs), Describe((GflHeadOptions)options.Head));
        using GflDetector loaded = new(options, seed: 6);
        ImportReport report = CheckpointImporter.Load(loaded, paddle);
        Assert.True(report.IsComplete, report.ToString());
        Assert.Empty(report.Unexpected);
        using IDisposable guard = no_grad();
        original.eval();
        loaded.eval();
        Tensor input = ones([1, 3, 64, 96]);
        using HeadOutput expected = original.call(input);
        using HeadOutput actual = loaded.call(input);
        Assert.All(expected.Scores.Zip(actual.Scores), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
        Assert.All(expected.BoxDistributionLogits.Zip(actual.BoxDistributionLogits), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
    }

    [Theory]
    [InlineData("backbone._conv1._conv.weight", "backbone.stem.conv.weight")]
    [InlineData("backbone._conv1._batch_norm._variance", "backbone.stem.bn.running_var")]
    [InlineData("backbone.3_1._conv_dw_mv1._conv.weight", "backbone.stage3.0.merge.depthwise.conv.weight")]
    [InlineData("backbone.3_7._se.conv2.bias", "backbone.stage3.6.se.expand.bias")]
    [InlineData("backbone.4_2._conv_linear._batch_norm.weight", "backbone.stage4.1.project.bn.weight")]
    [InlineData("backbone.conv1.bn._mean", "backbone.stem.bn.running_mean")]
    [InlineData("backbone.blocks5.4.dw_conv.conv.weight", "backbone.stage3.4.depthwise.conv.weight")]
    [InlineData("backbone.blocks6.1.se.conv1.weight", "backbone.stage4.1.se.reduce.weight")]
    [InlineData("neck.conv_t.convs.2.conv.weight", "neck.reduce_layers.2.conv.weight")]
    [InlineData("neck.bottom_up_blocks.1.blocks.0.conv2.dwconv.weight", "neck.bottom_up_blocks.1.bottleneck_block.depthwise.conv.weight")]
    [InlineData("neck.top_down_blocks.0.1.pw_conv.bn.bias", "neck.top_down_blocks.0.1.pointwise.bn.bias")]
    [InlineData("neck.second_top_conv.bn2._mean", "neck.extra_lvl_out_conv.0.pointwise.bn.running_mean")]
    [InlineData("head.conv_feat.cls_conv_pw3.1.norm.weight", "bbox_head.cls_convs.3.1.pointwise.bn.weight")]
    [InlineData("head.conv_feat.se.2.fc.weight", "bbox_head.alignment.2.attention.weight")]
    [InlineData("head.conv_feat.se.2.conv.norm._mean", "bbox_head.alignment.2.attended.bn.running_mean")]
    [InlineData("head.cls_align.0.pwconv.weight", "bbox_head.alignment.0.score.conv.weight")]
    [InlineData("head.cls_align.0.bn1.weight", "bbox_head.alignment.0.local.bn.weight")]
    [InlineData("head.head_reg1.weight", "bbox_head.gfl_reg.1.weight")]
    public void Names_are_those_of_the_same_layer(string paddle, string ours)
    {
        StateTensor value = StateTensor.From([1f], 1);
        StateDict converted = PaddleNames.Convert(new StateDict([new(paddle, value)]));
        Assert.Contains(ours, converted.Names);
    }

    private static (bool TaskAligned, int Channels, int StackedConvs) Describe(GflHeadOptions head) => (head.TaskAligned, head.Channels, head.StackedConvs);

    private static StateDict ToPaddle(StateDict ours, bool joined)
    {
        List<KeyValuePair<string, StateTensor>> tensors = [];
        foreach ((string name, StateTensor tensor) in ours)
        {
            if (name.EndsWith("num_batches_tracked", StringComparison.Ordinal) || name.EndsWith("integral.project", StringComparison.Ordinal)
                || (joined && name.StartsWith("bbox_head.gfl_reg.", StringComparison.Ordinal)))
            {
                continue;
            }

            StateTensor value = tensor;
            if (joined && name.StartsWith("bbox_head.gfl_cls.", StringComparison.Ordinal))
            {
                StateTensor sides = ours[name.Replace("gfl_cls", "gfl_reg", StringComparison.Ordinal)];
                value = new StateTensor(tensor.Type, [tensor.Shape[0] + sides.Shape[0], .. tensor.Shape.Skip(1)], (byte[])[.. tensor.Data.Span, .. sides.Data.Span]);
            }

            tensors.Add(new(ToPaddle(name.Split('.'), lcnet: !joined), value));
        }

        return new StateDict(tensors);
    }

    private static string ToPaddle(string[] parts, bool lcnet) => parts switch
    {
        ["backbone", "stem", .. string[] rest] => lcnet ? $"backbone.conv1.{Norm(rest, "bn")}" : $"backbone._conv1.{Norm(rest, "_batch_norm", "_conv")}",
        ["backbone", string stage, string block, .. string[] rest] when lcnet => $"backbone.blocks{Number(stage) + 2}.{block}.{LcNetLayer(rest)}",
        ["backbone", string stage, string block, .. string[] rest] =>
            $"backbone.{Number(stage)}_{int.Parse(block, CultureInfo.InvariantCulture) + 1}.{EsNetLayer([block == "0" ? StrideBlockLayer(rest[0]) : BlockLayer(rest[0]), .. rest[1..]])}",
        ["neck", "reduce_layers", string i, .. string[] rest] => $"neck.conv_t.convs.{i}.{Norm(rest, "bn")}",
        ["neck", "downsamples", string i, string layer, .. string[] rest] => $"neck.downsamples.{i}.{Separable(layer, rest)}",
        ["neck", "extra_lvl_in_conv", "0", string layer, .. string[] rest] => $"neck.first_top_conv.{Separable(layer, rest)}",
        ["neck", "extra_lvl_out_conv", "0", string layer, .. string[] rest] => $"neck.second_top_conv.{Separable(layer, rest)}",
        ["neck", string list, string i, "bottleneck_conv", .. string[] rest] => $"neck.{list}.{i}.blocks.0.conv1.{Norm(rest, "bn")}",
        ["neck", string list, string i, "bottleneck_block", string layer, .. string[] rest] => $"neck.{list}.{i}.blocks.0.conv2.{Separable(layer, rest)}",
        ["neck", string list, string i, "0" or "1", .. string[] rest] => $"neck.{list}.{i}.{parts[3]}.{(rest[0] == "depthwise" ? "dw_conv" : "pw_conv")}.{Norm(rest[1..], "bn")}",
        ["neck", string list, string i, string layer, .. string[] rest] => $"neck.{list}.{i}.{layer}.{Norm(rest, "bn")}",
        ["bbox_head", "cls_convs", string level, string i, string layer, .. string[] rest] =>
            $"head.conv_feat.cls_conv_{(layer == "depthwise" ? "dw" : "pw")}{level}.{i}.{Norm(rest, "norm")}",
        ["bbox_head", "gfl_cls", string level, string tail] => $"head.head_cls{level}.{tail}",
        ["bbox_head", "gfl_reg", string level, string tail] => $"head.head_reg{level}.{tail}",
        ["bbox_head", "alignment", string level, "attention", string tail] => $"head.conv_feat.se.{level}.fc.{tail}",
        ["bbox_head", "alignment", string level, "attended", .. string[] rest] => $"head.conv_feat.se.{level}.conv.{Norm(rest, "norm")}",
        ["bbox_head", "alignment", string level, string layer, .. string[] rest] => $"head.cls_align.{level}.{Separable(layer == "local" ? "depthwise" : "pointwise", rest)}",
        _ => throw new ArgumentException(string.Join('.', parts), nameof(parts)),
    };

    private static string EsNetLayer(string[] parts) => parts switch
    {
        ["se", "reduce", string tail] => $"_se.conv1.{tail}",
        ["se", "expand", string tail] => $"_se.conv2.{tail}",
        ["merge", "depthwise", .. string[] rest] => $"_conv_dw_mv1.{Norm(rest, "_batch_norm", "_conv")}",
        ["merge", "pointwise", .. string[] rest] => $"_conv_pw_mv1.{Norm(rest, "_batch_norm", "_conv")}",
        [string layer, .. string[] rest] => $"{layer}.{Norm(rest, "_batch_norm", "_conv")}",
        _ => throw new ArgumentException(string.Join('.', parts), nameof(parts)),
    };

    private static string StrideBlockLayer(string layer) => layer switch
    {
        "shortcut_depthwise" => "_conv_dw_1",
        "shortcut_pointwise" => "_conv_linear_1",
        "expand" => "_conv_pw_2",
        "depthwise" => "_conv_dw_2",
        "project" => "_conv_linear_2",
        _ => layer,
    };

    private static string BlockLayer(string layer) => layer switch
    {
        "expand" => "_conv_pw",
        "depthwise" => "_conv_dw",
        "project" => "_conv_linear",
        _ => layer,
    };

    private static string LcNetLayer(string[] parts) => parts switch
    {
        ["se", string layer, string tail] => $"se.{(layer == "reduce" ? "conv1" : "conv2")}.{tail}",
        [string layer, .. string[] rest] => $"{(layer == "depthwise" ? "dw_conv" : "pw_conv")}.{Norm(rest, "bn")}",
        _ => throw new ArgumentException(string.Join('.', parts), nameof(parts)),
    };

    private static string Separable(string layer, string[] rest) => (layer, rest[0]) switch
    {
        ("depthwise", "conv") => $"dwconv.{rest[1]}",
        ("depthwise", _) => $"bn1.{Tail(rest[1])}",
        ("pointwise", "conv") => $"pwconv.{rest[1]}",
        _ => $"bn2.{Tail(rest[1])}",
    };

    private static string Norm(string[] parts, string norm, string conv = "conv") => parts[0] == "conv" ? $"{conv}.{parts[1]}" : $"{norm}.{Tail(parts[1])}";

    private static string Tail(string tail) => tail switch
    {
        "running_mean" => "_mean",
        "running_var" => "_variance",
        _ => tail,
    };

    private static int Number(string stage) => int.Parse(stage["stage".Length..], CultureInfo.InvariantCulture);
}
