using System.Globalization;

namespace FocalSharp.Checkpoints.Ncnn;

/// <summary>
/// An ncnn model read as plain numbers: the layers of its <c>.param</c> file, and its convolutions from the <c>.bin</c> file. Nothing is
/// executed. float16 and 8-bit weights are converted to float32; scales of activations are not used.
/// </summary>
/// <param name="Layers">The layers in file order.</param>
/// <param name="Convolutions">The convolutions in file order.</param>
internal sealed record NcnnModel(IReadOnlyList<NcnnLayer> Layers, IReadOnlyList<NcnnConvolution> Convolutions)
{
    private const string Magic = "7767517";
    private const int MaxTextLength = 16 << 20;
    private const int MaxLayers = 20_000;
    private const long MaxBinaryLength = 1L << 30;

    /// <summary>Layers without weights. Others are refused, since the length of their weights is not known.</summary>
    private static readonly HashSet<string> WithoutWeights = new(StringComparer.Ordinal)
    {
        "Input", "Split", "Concat", "Slice", "Crop", "ShuffleChannel", "Pooling", "Interp", "BinaryOp", "UnaryOp", "Eltwise", "Sigmoid", "ReLU", "Clip",
        "HardSigmoid", "HardSwish", "Swish", "Softmax", "Permute", "Reshape", "Flatten", "Dropout", "Noop", "Padding", "Squeeze", "ExpandDims",
    };

    /// <summary>Reads a model.</summary>
    /// <param name="path">The <c>.param</c> or the <c>.bin</c> file; the other one is beside it under the same name.</param>
    /// <exception cref="ModelException">A file is damaged, inconsistent, malicious, or has layers that are not supported.</exception>
    /// <exception cref="FileException">A file is missing or cannot be read.</exception>
    public static NcnnModel Read(string path)
    {
        (string text, string binary) = (Path.ChangeExtension(path, ".param"), Path.ChangeExtension(path, ".bin"));
        try
        {
            IReadOnlyList<NcnnLayer> layers = ReadLayers(text);
            long length = new FileInfo(binary).Length;
            if (length > MaxBinaryLength)
            {
                throw Broken(binary, string.Create(CultureInfo.InvariantCulture, $"it has {length} bytes, of at most {MaxBinaryLength}"));
            }

            NcnnWeights weights = new(File.ReadAllBytes(binary), binary);
            List<NcnnConvolution> convolutions = [];
            foreach (NcnnLayer layer in layers)
            {
                if (layer.Type is "Convolution" or "ConvolutionDepthWise")
                {
                    convolutions.Add(weights.ReadConvolution(layer));
                }
                else if (layer.Type == "MemoryData")
                {
                    weights.SkipMemoryData(layer);
                }
                else if (!WithoutWeights.Contains(layer.Type))
                {
                    throw Broken(text, $"its layer '{TextSanitizer.Sanitize(layer.Name)}' of type '{TextSanitizer.Sanitize(layer.Type)}' is not supported");
                }
            }

            weights.RequireEnd();
            return new NcnnModel(layers, convolutions);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException(
                $"{path}: cannot be read ({exception.Message}). An ncnn model is two files of one name, .param and .bin, in one folder.", exception)
            { Path = path };
        }
    }

    /// <summary>Returns whether a path has one of the extensions of an ncnn model.</summary>
    public static bool HasExtension(string path) => Path.GetExtension(path) is { } extension
        && (extension.Equals(".param", StringComparison.OrdinalIgnoreCase)
            || (extension.Equals(".bin", StringComparison.OrdinalIgnoreCase) && File.Exists(Path.ChangeExtension(path, ".param"))));

    internal static ModelException Broken(string path, string why) => new($"{path}: not a usable ncnn model: {why}. Copy both files, .param and .bin, again.") { Path = path };

    private static List<NcnnLayer> ReadLayers(string path)
    {
        using FileStream stream = File.OpenRead(path);
        if (stream.Length > MaxTextLength)
        {
            throw Broken(path, string.Create(CultureInfo.InvariantCulture, $"its text has {stream.Length} bytes, of at most {MaxTextLength}"));
        }

        using StreamReader reader = new(stream);
        if (reader.ReadLine()?.Trim() != Magic)
        {
            throw Broken(path, $"it does not begin with {Magic}; binary .param.bin files are not supported");
        }

        string[] counts = (reader.ReadLine() ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (counts.Length != 2 || !int.TryParse(counts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count is < 1 or > MaxLayers)
        {
            throw Broken(path, $"its second line does not state 1 to {MaxLayers} layers");
        }

        List<NcnnLayer> layers = [];
        HashSet<string> written = new(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (line.AsSpan().Trim().IsEmpty)
            {
                continue;
            }

            NcnnLayer layer = NcnnLayer.TryParse(line) ?? throw Broken(path, $"its line {layers.Count + 3} is not a layer");
            if (layer.Inputs.FirstOrDefault(blob => !written.Contains(blob)) is { } unknown)
            {
                throw Broken(path, $"its layer '{TextSanitizer.Sanitize(layer.Name)}' reads '{TextSanitizer.Sanitize(unknown)}', which no earlier layer writes");
            }

            if (layer.Outputs.FirstOrDefault(blob => !written.Add(blob)) is { } twice)
            {
                throw Broken(path, $"two of its layers write '{TextSanitizer.Sanitize(twice)}'");
            }

            layers.Add(layer);
            if (layers.Count > count)
            {
                break;
            }
        }

        return layers.Count == count ? layers : throw Broken(path, $"it states {count} layers and has {(layers.Count > count ? "more" : layers.Count)}");
    }
}
