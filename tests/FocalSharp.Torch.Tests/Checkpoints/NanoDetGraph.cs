using FocalSharp.Checkpoints;
using FocalSharp.Checkpoints.TensorFlowJs;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Checkpoints;

/// <summary>
/// NanoDet-g in the simplest words: a list of convolutions with random numbers, as the published graph holds them, and the net computed
/// from that list by plain operators on BGR images. Written from the layout's description, not from our modules.
/// </summary>
internal sealed class NanoDetGraph
{
    private readonly List<(Tensor Weight, Tensor Bias)> _convolutions = [];

    public NanoDetGraph(int classes = 80)
    {
        Add(3, 3, 32);
        foreach ((int channels, int blocks) in new[] { (32, 1), (64, 2), (128, 2), (256, 3) })
        {
            Add(3, channels, channels);
            for (int i = 0; i < blocks; i++)
            {
                Add(3, channels, channels / 2);
                Add(3, channels / 2, channels / 2);
            }

            Add(3, channels, channels);
        }

        Add(1, 128, 128);
        Add(1, 256, 128);
        Add(1, 512, 128);
        for (int level = 0; level < 3; level++)
        {
            Add(3, 128, 128);
            Add(1, 128, classes + 44);
        }
    }

    /// <summary>The graph as its file would be read: nodes out of order, weights height × width × in × out.</summary>
    public TensorFlowJsModel ToModel()
    {
        List<TensorFlowJsNode> nodes = [];
        List<KeyValuePair<string, StateTensor>> weights = [];
        for (int i = _convolutions.Count - 1; i >= 0; i--)
        {
            string name = i == 0 ? "PartitionedCall/convolution" : $"PartitionedCall/convolution_{i}";
            nodes.Add(new(name, "Conv2D", [$"PartitionedCall/transpose_{i}", $"PartitionedCall/split_{i}"]));
            nodes.Add(new($"PartitionedCall/Add_{i}", "Add", [name, $"unknown_{2 * i}"]));
            (Tensor weight, Tensor bias) = _convolutions[i];
            weights.Add(new($"unknown_{2 * i}", ToStateTensor(bias)));
            weights.Add(new($"PartitionedCall/split_{i}", ToStateTensor(weight.permute(2, 3, 1, 0).contiguous())));
        }

        return new(nodes, new StateDict(weights));
    }

    /// <summary>Normalised BGR images to the 124 channels of each level.</summary>
    public Tensor[] Run(Tensor bgr)
    {
        int next = 0;
        Tensor x = nn.functional.max_pool2d(Leaky(Conv(bgr, 2)), 3, 2, 1);
        List<Tensor> stages = [];
        foreach ((int blocks, int stride) in new[] { (1, 1), (2, 2), (2, 2), (3, 2) })
        {
            Tensor entered = Leaky(Conv(x, stride));
            x = entered;
            for (int i = 0; i < blocks; i++)
            {
                Tensor first = Leaky(Conv(x, 1));
                Tensor second = Leaky(Conv(first, 1));
                x = cat([second, first], 1);
            }

            x = cat([Leaky(Conv(x, 1)), entered], 1);
            stages.Add(x);
        }

        Tensor p3 = Conv(stages[1], 1);
        Tensor p4 = Conv(stages[2], 1);
        Tensor p5 = Conv(stages[3], 1);
        p4 = p4 + Resize(p5, p4);
        p3 = p3 + Resize(p4, p3);
        p4 = p4 + Resize(p3, p4);
        p5 = p5 + Resize(p4, p5);
        return [.. new[] { p3, p4, p5 }.Select(level => Conv(Leaky(Conv(level, 1)), 1))];

        Tensor Conv(Tensor input, int stride)
        {
            (Tensor weight, Tensor bias) = _convolutions[next++];
            return nn.functional.conv2d(input, weight, bias, [stride, stride], [weight.shape[2] / 2, weight.shape[2] / 2]);
        }
    }

    private static Tensor Leaky(Tensor x) => where(x > 0, x, x * 0.1);

    private static Tensor Resize(Tensor level, Tensor like) =>
        nn.functional.interpolate(level, size: like.shape[2..], mode: InterpolationMode.Bilinear, align_corners: false);

    private static StateTensor ToStateTensor(Tensor tensor) => StateTensor.From(tensor.data<float>().ToArray(), tensor.shape);

    private void Add(int kernel, int input, int output) => _convolutions.Add((
        randn(output, input, kernel, kernel) * Math.Sqrt(2.0 / (input * kernel * kernel)), randn(output) * 0.1));
}
