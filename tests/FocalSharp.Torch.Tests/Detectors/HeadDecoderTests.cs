using FocalSharp.Detections;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Detectors;

public sealed class HeadDecoderTests
{
    private static readonly GflHeadOptions Head = new() { Strides = [8, 16], RegMax = 7 };

    [Fact]
    public void Each_image_of_a_batch_is_decoded_as_if_it_came_alone()
    {
        using DisposeScope scope = NewDisposeScope();
        HeadOutput output = Output();
        ResizeTransform[] frames = [new(64, 64), new(50, 40, 0.5f, 0.25f), new(64, 33)];
        HeadDecoder predictor = new(Head, classes: 3);

        Detection[][] together = predictor.Decode(output, frames);

        for (int i = 0; i < frames.Length; i++)
        {
            HeadOutput alone = new([.. output.Scores.Select(map => map.narrow(0, i, 1))], [.. output.BoxDistributionLogits.Select(map => map.narrow(0, i, 1))]);
            Assert.NotEmpty(together[i]);
            Assert.Equal(Assert.Single(predictor.Decode(alone, [frames[i]])), together[i]);
        }
    }

    [Fact]
    public void The_layout_in_memory_and_a_gradient_make_no_difference()
    {
        using DisposeScope scope = NewDisposeScope();
        HeadOutput output = Output();
        Tensor Last(Tensor map) => map.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).requires_grad_();
        HeadOutput other = new([.. output.Scores.Select(Last)], [.. output.BoxDistributionLogits.Select(Last)]);
        ResizeTransform[] frames = [new(64, 64), new(64, 64), new(64, 64)];
        HeadDecoder predictor = new(Head, classes: 3);

        Assert.Equal(predictor.Decode(output, frames), predictor.Decode(other, frames));
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_named()
    {
        using DisposeScope scope = NewDisposeScope();
        HeadOutput output = Output();
        ResizeTransform[] frames = [new(64, 64), new(64, 64), new(64, 64)];
        HeadDecoder decoder = new(Head, classes: 3);
        Assert.Throws<ArgumentNullException>("head", () => new HeadDecoder(null!, 3));
        Assert.Throws<ArgumentOutOfRangeException>("classes", () => new HeadDecoder(Head, 0));
        Assert.Throws<ArgumentNullException>("output", () => decoder.Decode(null!, frames));
        Assert.Throws<ArgumentNullException>("frames", () => decoder.Decode(output, null!));
        Assert.Throws<ArgumentException>("output", () => decoder.Decode(output, [frames[0]]));
        Assert.Throws<ArgumentOutOfRangeException>("options", () => decoder.Decode(output, frames, new PostprocessOptions { MaxDetections = -1 }));
        Assert.Throws<ArgumentException>("scores", () => new HeadDecoder(Head, 99).Decode(output, frames));
        output.Dispose();
        Assert.Throws<ArgumentException>("output", () => decoder.Decode(output, frames));
    }

    [Fact]
    public void Channels_beyond_the_classes_are_not_looked_at()
    {
        using DisposeScope scope = NewDisposeScope();

        Detection[][] detections = new HeadDecoder(Head, classes: 2).Decode(Output(), [new(64, 64), new(64, 64), new(64, 64)]);

        Assert.All(detections.SelectMany(image => image), detection => Assert.InRange(detection.Label, 0, 1));
    }

    [Fact]
    public void Nothing_is_left_in_the_callers_scope()
    {
        using DisposeScope scope = NewDisposeScope();
        HeadOutput output = Output();
        int before = scope.DisposablesCount;

        new HeadDecoder(Head, classes: 3).Decode(output, [new(64, 64), new(64, 64), new(64, 64)]);

        Assert.Equal(before, scope.DisposablesCount);
    }

    private static HeadOutput Output()
    {
        Generator generator = new(3, CPU);
        Tensor Map(int channels, int side) => randn([3, channels, side, side], generator: generator) * 2;
        return new HeadOutput([Map(3, 8), Map(3, 4)], [Map(32, 8), Map(32, 4)]);
    }
}
