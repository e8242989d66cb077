using FocalSharp.Checkpoints;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Torch.Tests.Checkpoints;

/// <summary>Import of ResNeXt and deformable backbones, as other programs save them.</summary>
public sealed class DeformableCheckpointTests
{
    public static TheoryData<int, int, int[], int> Backbones => new()
    {
        { 1, 4, [2, 3, 4], 2 },
        { 1, 4, [3, 4], 1 },
        { 4, 2, [], 2 },
        { 8, 4, [4], 1 },
    };

    [Theory]
    [MemberData(nameof(Backbones))]
    public void Shapes_determine_groups_stages_and_version(int groups, int groupWidth, int[] stages, int version)
    {
        ResNetOptions backbone = new()
        {
            Depth = 50,
            BaseChannels = 8,
            Groups = groups,
            GroupWidth = groupWidth,
            DeformableStages = stages,
            DeformableVersion = version,
        };
        using GflDetector detector = new(Options(backbone));
        StateDict saved = Rename(TensorConversion.ToState(detector), name => "module." + name.Replace(".conv2.conv_offset.", ".conv2_offset.", StringComparison.Ordinal));
        DetectorOptions inferred = CheckpointInspector.InferOptions(saved, ["a", "b"]);
        ResNetOptions found = Assert.IsType<ResNetOptions>(inferred.Backbone);
        Assert.Equal((50, 8, groups), (found.Depth, found.BaseChannels, found.Groups));
        Assert.Equal(stages, found.DeformableStages);
        if (groups > 1)
        {
            Assert.Equal(groupWidth, found.GroupWidth);
        }

        if (stages.Length > 0)
        {
            Assert.Equal(version, found.DeformableVersion);
        }

        using GflDetector other = new(inferred, seed: 5);
        ImportReport report = CheckpointImporter.Load(other, saved, ["a", "b"], ["a", "b"]);
        Assert.True(report.IsComplete, report.ToString());
        Assert.Empty(report.Unexpected);
    }

    [Fact]
    public void A_res2net_has_the_official_names_and_is_read_by_its_shapes()
    {
        Res2NetOptions backbone = new() { Depth = 50, Scales = 3, BaseWidth = 10, DeformableStages = [3, 4] };
        using GflDetector detector = new(Options(new()) with { Backbone = backbone });
        StateDict saved = TensorConversion.ToState(detector);
        Assert.Equal([18, 40, 3, 3], saved["backbone.layer3.0.convs.1.conv_offset.weight"].Shape);
        Assert.Equal([64, 32, 3, 3], saved["backbone.stem.6.weight"].Shape);
        Assert.Equal([256], saved["backbone.layer1.0.downsample.2.running_var"].Shape);
        Assert.Equal([20], saved["backbone.layer2.3.bns.1.weight"].Shape);
        Res2NetOptions found = Assert.IsType<Res2NetOptions>(CheckpointInspector.InferOptions(saved, ["a", "b"]).Backbone);
        Assert.Equal((50, 3, 10, 1), (found.Depth, found.Scales, found.BaseWidth, found.DeformableVersion));
        Assert.Equal([3, 4], found.DeformableStages);
    }

    [Fact]
    public void Several_offset_groups_are_reported()
    {
        using GflDetector detector = new(Options(new ResNetOptions { Depth = 50, BaseChannels = 8, DeformableStages = [4] }));
        StateDict saved = TensorConversion.ToState(detector);
        StateDict wrong = new(
            saved.Select(pair => pair.Key.EndsWith("conv_offset.weight", StringComparison.Ordinal)
                ? KeyValuePair.Create(pair.Key, new StateTensor(pair.Value.Type, [54, .. pair.Value.Shape.Skip(1)], new byte[pair.Value.Data.Length * 2]))
                : pair),
            saved.Metadata);
        ModelException error = Assert.Throws<ModelException>(() => CheckpointInspector.InferOptions(wrong));
        Assert.Contains("54 outputs", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(18, 1, 2)]
    [InlineData(34, 32, 0)]
    public void Basic_blocks_refuse_groups_and_offsets(int depth, int groups, int stage) =>
        Assert.Throws<OptionException>(() => new ResNetOptions { Depth = depth, Groups = groups, DeformableStages = stage == 0 ? [] : [stage] }.Validate());

    private static DetectorOptions Options(ResNetOptions backbone) => new()
    {
        Classes = ["a", "b"],
        Backbone = backbone,
        Neck = new FpnOptions { Channels = 16 },
        Head = new GflHeadOptions { Channels = 16, StackedConvs = 1, NormGroups = 16 },
    };

    private static StateDict Rename(StateDict weights, Func<string, string> rename) =>
        new(weights.Select(pair => KeyValuePair.Create(rename(pair.Key), pair.Value)), weights.Metadata);
}
