using FocalSharp.Checkpoints;
using FocalSharp.Datasets;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Checkpoints;

public sealed class CheckpointImporterTests
{
    [Fact]
    public void Names_of_wrappers_and_of_the_first_release_become_ours()
    {
        StateDict ours = TinyState(["a", "b"]);
        foreach (string prefix in new[] { "module.", "model.", "module.model.", "_orig_mod." })
        {
            StateDict wrapped = new(ours.Select(pair => KeyValuePair.Create(prefix + pair.Key, pair.Value)));

            Assert.Equal(ours.Names, WeightNames.Normalize(wrapped).Names);
        }

        StateDict first = new(ours.Select(pair => KeyValuePair.Create(
            pair.Key.Replace("bbox_head.integral.project", "bbox_head.distribution_project.project", StringComparison.Ordinal),
                pair.Value)));
        Assert.NotEqual(ours.Names, first.Names);
        Assert.Equal(ours.Names, WeightNames.Normalize(first).Names);
    }

    [Fact]
    public void A_step_counter_beside_wrapped_names_does_not_stop_their_unwrapping()
    {
        StateDict averaged = new([new("steps", StateTensor.From([3L])), new("module.neck.x", StateTensor.From([1f], 1))]);

        Assert.Equal(["steps", "neck.x"], WeightNames.Normalize(averaged).Names);
    }

    [Fact]
    public void Two_names_for_one_tensor_are_refused()
    {
        StateDict both = new(
        [
            new("bbox_head.distribution_project.project", StateTensor.From([1f], 1)),
                new("bbox_head.integral.project", StateTensor.From([1f], 1)),
        ]);

        Assert.Contains(
            "integral.project", Assert.ThrowsAny<FocalSharpException>(() => WeightNames.Normalize(both)).Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(18, 8, 1, 5, 16, 32, 2, 16, 3, false)]
    [InlineData(34, 4, 2, 4, 8, 8, 1, 7, 1, false)]
    [InlineData(50, 4, 0, 6, 8, 16, 3, 16, 2, true)]
    [InlineData(101, 2, 1, 5, 8, 16, 1, 10, 4, true)]
    public void Options_follow_from_shapes(
        int depth, int baseChannels, int startLevel, int levels, int neck, int head, int stacked, int regMax, int classes,
            bool quality)
    {
        DetectorOptions options = Options([.. Enumerable.Range(0, classes).Select(i => $"name {i}")]) with
        {
            Backbone = new ResNetOptions { Depth = depth, BaseChannels = baseChannels },
            Neck = new FpnOptions { Channels = neck, StartLevel = startLevel, Levels = levels },
            Head = new GflHeadOptions
            {
                Channels = head,
                StackedConvs = stacked,
                NormGroups = Math.Min(head, 32),
                RegMax = regMax,
                Strides = [.. Enumerable.Range(startLevel, levels).Select(level => 4 << level)],
                QualityPredictor = quality ? new QualityPredictorOptions { BackgroundChannel = classes % 2 == 0 } : null,
            },
        };
        using GflDetector detector = new(options);

        DetectorOptions inferred = CheckpointInspector.InferOptions(TensorConversion.ToState(detector), options.Classes);

        Assert.Equal(options.Classes, inferred.Classes);
        Assert.Equal(options.Backbone, inferred.Backbone);
        Assert.Equal(options.Neck, inferred.Neck);
        Assert.Equal(options.Head with { Strides = [] }, inferred.Head with { Strides = [] });
        Assert.Equal(options.Head.Strides, inferred.Head.Strides);
    }

    [Fact]
    public void Eighty_nameless_classes_are_COCO_s_and_others_are_numbered()
    {
        using GflDetector coco = new(Options(CocoClasses.Names));

        Assert.Equal(CocoClasses.Names, CheckpointInspector.InferOptions(TensorConversion.ToState(coco)).Classes);
        Assert.Equal(["class0", "class1"], CheckpointInspector.InferOptions(TinyState(["a", "b"])).Classes);
        Assert.Equal(80, CocoClasses.Names.Distinct().Count());
    }

    [Fact]
    public void Rows_of_classes_with_the_same_name_are_kept_and_the_rest_is_listed()
    {
        using GflDetector source = new(Options(["cat", "dog", "bird"]), seed: 1);
        using GflDetector target = new(Options(["fish", "bird", "cat", "ant"]), seed: 2);
        float[,] before = Rows(target);

        ImportReport report = CheckpointImporter.Load(
            target, new Checkpoint { Weights = TensorConversion.ToState(source), Classes = ["cat", "dog", "bird"] });

        float[,] theirs = Rows(source);
        float[,] after = Rows(target);
        Assert.Equal(Row(before, 0), Row(after, 0));
        Assert.Equal(Row(theirs, 2), Row(after, 1));
        Assert.Equal(Row(theirs, 0), Row(after, 2));
        Assert.Equal(Row(before, 3), Row(after, 3));
        Assert.Equal(
            ["bbox_head.gfl_cls.bias", "bbox_head.gfl_cls.weight"], report.ReinitializedTensors.Select(tensor => tensor.Name).Order());
        Assert.All(report.ReinitializedTensors, tensor => Assert.Equal(["bird", "cat"], tensor.MatchedClasses));
        Assert.Empty(report.Missing);
        Assert.Empty(report.Unexpected);
        Assert.Equal(target.state_dict().Count - 2, report.Loaded.Count);
        Assert.Contains("rows loaded for bird, cat", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_classes_in_another_order_are_all_kept()
    {
        using GflDetector source = new(Options(["cat", "dog"]), seed: 1);
        using GflDetector target = new(Options(["Dog", "cat"]), seed: 2);

        ImportReport report = CheckpointImporter.Load(
            target, new Checkpoint { Weights = TensorConversion.ToState(source), Classes = ["cat", "dog"] });

        Assert.True(report.IsComplete);
        Assert.Equal(Row(Rows(source), 1), Row(Rows(target), 0));
        Assert.Equal(Row(Rows(source), 0), Row(Rows(target), 1));
    }

    [Fact]
    public void Classes_start_from_the_rows_of_the_names_given_for_them()
    {
        using GflDetector source = new(Options(["cat", "dog", "bird"]), seed: 1);
        using GflDetector target = new(Options(["tom", "hawk", "eagle"]), seed: 2);

        ImportReport report = CheckpointImporter.Load(
            target, new Checkpoint { Weights = TensorConversion.ToState(source), Classes = ["cat", "dog", "bird"] }, ["cat", "bird", "bird"]);

        Assert.True(report.IsComplete);
        Assert.Equal([Row(Rows(source), 0), Row(Rows(source), 2), Row(Rows(source), 2)], Enumerable.Range(0, 3).Select(row => Row(Rows(target), row)));
    }

    [Fact]
    public void Without_names_another_number_of_classes_is_re_initialized()
    {
        using GflDetector source = new(Options(["a", "b", "c"]), seed: 1);
        using GflDetector target = new(Options(["a", "b"]), seed: 2);
        float[,] before = Rows(target);

        ImportReport report = CheckpointImporter.Load(target, new Checkpoint { Weights = TensorConversion.ToState(source) });

        Assert.Equal(before, Rows(target));
        Assert.All(report.ReinitializedTensors, tensor => Assert.Empty(tensor.MatchedClasses));
        Assert.Equal(2, report.ReinitializedTensors.Count);
    }

    [Fact]
    public void The_surplus_channel_of_official_second_version_files_is_carried_over()
    {
        DetectorOptions options = Options(["a", "b"]);
        options = options with { Head = ((GflHeadOptions)options.Head) with { QualityPredictor = new QualityPredictorOptions { BackgroundChannel = true } } };
        using GflDetector source = new(options, seed: 1);
        using GflDetector target = new(options with { Classes = ["b", "z"] }, seed: 2);

        CheckpointImporter.Load(target, new Checkpoint { Weights = TensorConversion.ToState(source), Classes = ["a", "b"] });

        Assert.Equal(Row(Rows(source), 1), Row(Rows(target), 0));
        Assert.Equal(Row(Rows(source), 2), Row(Rows(target), 2));
        Assert.True(
            ((GflHeadOptions)CheckpointInspector.InferOptions(TensorConversion.ToState(source), ["a", "b"]).Head)
                .QualityPredictor!.BackgroundChannel);
    }

    [Fact]
    public void Missing_unexpected_and_unfitting_tensors_are_listed()
    {
        StateDict whole = TinyState(["a", "b"]);
        StateDict changed = new(whole
            .Where(pair => pair.Key != "neck.fpn_convs.0.conv.bias")
            .Select(
                pair => pair.Key == "bbox_head.gfl_reg.bias"
                    ? KeyValuePair.Create(pair.Key, StateTensor.From([1f, 2f], 2))
                    : pair)
            .Append(new("rpn_head.conv.weight", StateTensor.From([1f], 1))));
        using GflDetector target = new(Options(["a", "b"]));

        ImportReport report = CheckpointImporter.Load(target, changed);

        Assert.Equal(["neck.fpn_convs.0.conv.bias"], report.Missing);
        Assert.Equal(["rpn_head.conv.weight"], report.Unexpected);
        Assert.Equal("bbox_head.gfl_reg.bias", Assert.Single(report.ReinitializedTensors).Name);
        Assert.False(report.IsComplete);
        Assert.Contains("neck.fpn_convs.0.conv.bias", report.ToString(), StringComparison.Ordinal);
        Assert.Contains("rpn_head.conv.weight", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_precision_weights_are_widened()
    {
        StateDict whole = TinyState(["a", "b"]);
        StateDict halves = new(whole.Select(pair => KeyValuePair.Create(pair.Key, Halve(pair.Value))));
        using GflDetector target = new(Options(["a", "b"]), seed: 9);

        Assert.True(CheckpointImporter.Load(target, halves).IsComplete);

        Tensor bias = target.state_dict()["bbox_head.gfl_cls.bias"];
        Assert.Equal(ScalarType.Float32, bias.dtype);
        Assert.Equal((float)(Half)whole["bbox_head.gfl_cls.bias"].Span<float>()[0], bias.data<float>()[0]);
    }

    [Theory]
    [InlineData("backbone.layer2.0.conv2.conv_offset.weight", "conv_offset")]
    [InlineData("backbone.layer2.7.conv1.weight", "blocks")]
    [InlineData("neck.lateral_convs.4.conv.weight", "does not contain")]
    public void Other_architectures_are_refused_with_what_is_not_supported(string extra, string reason)
    {
        StateDict whole = TinyState(["a", "b"]);
        IEnumerable<KeyValuePair<string, StateTensor>> tensors = whole.Append(new(extra, StateTensor.From([1f], 1)));
        if (extra.StartsWith("neck", StringComparison.Ordinal))
        {
            tensors = whole.Where(
                pair => !pair.Key.StartsWith("bbox_head", StringComparison.Ordinal) && pair.Key != "backbone.conv1.weight");
        }

        FocalSharpException error = Assert.ThrowsAny<FocalSharpException>(
            () => CheckpointInspector.InferOptions(new StateDict(tensors)));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_in_a_single_block_are_refused()
    {
        StateDict grouped = new(TinyState(["a"]).Select(pair => pair.Key == "backbone.layer3.0.conv2.weight"
            ? KeyValuePair.Create(pair.Key, StateTensor.From(new float[32 * 2 * 9], 32, 2, 3, 3))
            : pair));

        Assert.Contains(
            "backbone.layer3.0.conv2.weight", Assert.ThrowsAny<FocalSharpException>(() => CheckpointInspector.InferOptions(grouped)).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_which_nothing_fits_is_refused()
    {
        using GflDetector target = new(Options(["a"]));
        StateDict other = new([new("transformer.x", StateTensor.From([1f], 1))]);

        Assert.Contains(
            "transformer.x", Assert.ThrowsAny<FocalSharpException>(() => CheckpointImporter.Load(target, other)).Message,
                StringComparison.Ordinal);
    }

    internal static DetectorOptions Options(IReadOnlyList<string> classes) => new()
    {
        Classes = classes,
        Backbone = new ResNetOptions { Depth = 18, BaseChannels = 8 },
        Neck = new FpnOptions { Channels = 8 },
        Head = new GflHeadOptions { Channels = 8, NormGroups = 8, StackedConvs = 1, RegMax = 4 },
    };

    private static StateDict TinyState(IReadOnlyList<string> classes)
    {
        using GflDetector detector = new(Options(classes), seed: 5);
        return TensorConversion.ToState(detector);
    }

    private static StateTensor Halve(StateTensor tensor) => tensor.Type != ElementType.F32
        ? tensor
        : new StateTensor(
            ElementType.F16, tensor.Shape,
                tensor.Span<float>().ToArray().SelectMany(value => BitConverter.GetBytes((Half)value)).ToArray());

    private static float[,] Rows(GflDetector detector)
    {
        StateTensor weight = TensorConversion.ToState(detector.state_dict()["bbox_head.gfl_cls.weight"]);
        int width = (int)(weight.Count / weight.Shape[0]);
        float[,] rows = new float[weight.Shape[0], width];
        Buffer.BlockCopy(weight.Data.ToArray(), 0, rows, 0, weight.Data.Length);
        return rows;
    }

    private static float[] Row(float[,] rows, int row) => [.. Enumerable.Range(0, rows.GetLength(1)).Select(i => rows[row, i])];
}
