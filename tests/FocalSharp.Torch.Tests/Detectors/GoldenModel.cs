using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Detectors;

/// <summary>A file of the golden folder <c>model</c>: the detector it speaks of, filled by the rule, and its input.</summary>
internal sealed class GoldenModel
{
    private GoldenModel(string path)
    {
        Json = JsonDocument.Parse(File.ReadAllText(path)).RootElement;
        string folder = Path.GetFileName(Path.GetDirectoryName(path))!;
        Name = (folder == "model" ? "" : folder + ".") + Path.GetFileNameWithoutExtension(path);
        Salt = Json.GetProperty("salt").GetString()!;
        string tensors = Path.ChangeExtension(path, ".safetensors");
        Tensors = File.Exists(tensors) ? Safetensors.Load(tensors) : null;
    }

    public string Name { get; }

    public string Salt { get; }

    public JsonElement Json { get; }

    public Safetensors? Tensors { get; }

    /// <summary>Whether rounding is amplified: the tiny net's norms see two numbers a group.</summary>
    public bool Tiny => Name.Contains("tiny", StringComparison.Ordinal);

    /// <summary>The files of a kind, as <c>*_eval.json</c>; skips the running test where there is none.</summary>
    public static IReadOnlyList<GoldenModel> All(string pattern, string folder = "model")
    {
        string[] paths = [.. Directory.EnumerateFiles(GoldenData.Require(folder), pattern).Order(StringComparer.Ordinal)];
        Assert.SkipWhen(paths.Length == 0, $"golden data holds no {folder}/{pattern}");
        return [.. paths.Select(path => new GoldenModel(path))];
    }

    /// <summary>The options that a file's numbers or words describe.</summary>
    public DetectorOptions Options()
    {
        JsonElement about = Json.GetProperty("about");
        JsonElement arch = about.GetProperty("arch");
        string variant = Json.TryGetProperty("variant", out JsonElement given) ? given.GetString()! : "norm_eval=True, frozen_stages=1";
        return arch.TryGetProperty("depth", out _) ? FromNumbers(arch, about.GetProperty("num_classes").GetInt32(), "width", variant)
            : about.TryGetProperty("config", out JsonElement config) ? FromNumbers(config, config.GetProperty("num_classes").GetInt32(), "base_width", variant)
            : FromWords(arch, variant);
    }

    /// <summary>The options of the numbers that make a model.</summary>
    public static DetectorOptions FromNumbers(JsonElement config, int classes, string groupWidth = "base_width", string variant = "norm_eval=True, frozen_stages=1")
    {
        int channels = config.GetProperty("channels").GetInt32();
        JsonElement dcn = config.GetProperty("dcn");
        int version = dcn.ValueKind == JsonValueKind.Number ? dcn.GetInt32() : dcn.GetBoolean() ? 2 : 0;
        int[] stages = config.TryGetProperty("dcn_stages", out JsonElement with)
            ? [.. with.EnumerateArray().Select((stage, i) => stage.GetBoolean() ? i + 1 : 0).Where(stage => stage > 0)]
            : [2, 3, 4];
        return new DetectorOptions
        {
            Classes = [.. Enumerable.Range(0, classes).Select(i => $"class {i}")],
            Backbone = new ResNetOptions
            {
                Depth = config.GetProperty("depth").GetInt32(),
                BaseChannels = config.GetProperty("base").GetInt32(),
                Groups = config.GetProperty("groups").GetInt32(),
                GroupWidth = config.GetProperty(groupWidth).GetInt32(),
                DeformableStages = version > 0 ? stages : [],
                DeformableVersion = version > 0 ? version : 2,
                FrozenStages = Number(variant, "frozen_stages=(-?\\d+)"),
                FrozenBatchNorm = variant.Contains("norm_eval=True", StringComparison.Ordinal),
            },
            Neck = new FpnOptions { Channels = channels },
            Head = new GflHeadOptions { Channels = channels },
        };
    }

    private static DetectorOptions FromWords(JsonElement arch, string variant)
    {
        string backbone = arch.GetProperty("backbone").GetString()!;
        string neck = arch.GetProperty("neck").GetString()!;
        string head = arch.GetProperty("head").GetString()!;
        return new DetectorOptions
        {
            Classes = [.. Enumerable.Range(0, arch.GetProperty("num_classes").GetInt32()).Select(i => $"class {i}")],
            Backbone = new ResNetOptions
            {
                Depth = Number(backbone, "ResNet-(\\d+)"),
                BaseChannels = Number(backbone, "base_channels (\\d+)"),
                FrozenStages = Number(variant, "frozen_stages=(-?\\d+)"),
                FrozenBatchNorm = variant.Contains("norm_eval=True", StringComparison.Ordinal),
            },
            Neck = new FpnOptions
            {
                StartLevel = Number(neck, "start_level (\\d+)"),
                Channels = Number(neck, "(\\d+) channels"),
                Levels = Number(neck, "(\\d+) outputs"),
            },
            Head = new GflHeadOptions
            {
                StackedConvs = Number(head, "(\\d+) stacked convs"),
                Channels = Number(head, "feat_channels (\\d+)"),
                NormGroups = Number(head, "GN (\\d+) groups"),
                RegMax = Number(head, "reg_max (\\d+)"),
            },
        };
    }

    /// <summary>The detector, filled by the rule.</summary>
    public GflDetector Detector(DetectorOptions? options = null)
    {
        GflDetector detector = new(options ?? Options());
        Fill(detector, Salt);
        return detector;
    }

    /// <summary>Fills a detector's state dict by the rule.</summary>
    public static void Fill(GflDetector detector, string salt)
    {
        using TorchSharp.DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        foreach ((string name, Tensor entry) in detector.state_dict())
        {
            if (GoldenValueGenerator.Entry(salt, name, entry.shape) is { } values)
            {
                entry.copy_(tensor(values).reshape(entry.shape));
            }
        }
    }

    /// <summary>The input of the file's shape, under the rule's key for it.</summary>
    public Tensor Input(string key) => Input(Salt, key, Json.GetProperty("input_shape"));

    /// <summary>An input by the rule.</summary>
    public static Tensor Input(string salt, string key, JsonElement shape)
    {
        long[] sizes = [.. shape.EnumerateArray().Select(size => size.GetInt64())];
        return tensor(GoldenValueGenerator.Input(salt, key, sizes.Aggregate(1L, (product, size) => product * size)), sizes);
    }

    /// <summary>All numbers of a tensor in C order.</summary>
    public static float[] Flat(Tensor tensor)
    {
        using Tensor flat = tensor.detach().to(ScalarType.Float32).contiguous().cpu();
        return flat.data<float>().ToArray();
    }

    /// <summary>Every so many-th number: <c>floor(k·n/m)</c> for k below m.</summary>
    public static float[] Probe(Tensor tensor, int m)
    {
        float[] flat = Flat(tensor);
        int count = Math.Min(m, flat.Length);
        return [.. Enumerable.Range(0, count).Select(k => flat[(long)k * flat.Length / count])];
    }

    /// <summary>The largest deviation over the largest magnitude expected.</summary>
    public static double RelativeToMax(float[] actual, float[] expected, double? largest = null)
    {
        double scale = largest ?? expected.Max(Math.Abs);
        return actual.Length != expected.Length || actual.Any(float.IsNaN)
            ? double.PositiveInfinity
            : actual.Zip(expected, (a, e) => Math.Abs((double)a - e)).Max() / Math.Max(scale, 1e-12);
    }

    private static int Number(string text, string pattern)
    {
        Match match = Regex.Match(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
        Assert.True(match.Success, $"'{text}' says nothing of {pattern}");
        return int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }
}
