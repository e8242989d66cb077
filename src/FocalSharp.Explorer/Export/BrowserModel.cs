using System.Text;
using System.Text.Json;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Drawing;
using FocalSharp.Models;
using FocalSharp.Models.Export;
using FocalSharp.Runtime;
using FocalSharp.Runtime.Sessions;
using FocalSharp.Torch.Onnx;

namespace FocalSharp.Explorer.Export;

/// <summary>A model that an exported page runs in the browser: an ONNX file with raw outputs, and what the page needs to know of it.</summary>
/// <param name="Onnx">The ONNX file.</param>
/// <param name="Json">Classes, strides, resize rule and thresholds.</param>
internal sealed record BrowserModel(byte[] Onnx, string Json)
{
    /// <summary>Reads an ONNX file, or exports weights.</summary>
    /// <param name="path">An ONNX file with raw outputs, a run folder, or weights.</param>
    /// <param name="hints">What the message about other ONNX files advises.</param>
    /// <exception cref="ModelException">The file cannot be read, or provides no distributions.</exception>
    public static BrowserModel Load(string path, ExplorerHints hints)
    {
        byte[] onnx = path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? ReadFile(path) : ExportRaw(path);
        using ModelSession session = ModelSession.Open(onnx, Path.GetFileName(path));
        ModelInfo info = session.Info;
        return info.Variant == ModelVariant.Raw
            ? new BrowserModel(onnx, Describe(info, onnx.Length))
            : throw new ModelException($"{path}: provides no distributions, which the page shows. {hints.ExportRaw}, or pass the weights.") { Path = path };
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: cannot be read ({exception.Message}).", exception) { Path = path };
        }
    }

    private static byte[] ExportRaw(string path)
    {
        using TorchDetector model = TorchDetector.Load(path);
        ExportRequest request = new() { Output = path, Variant = ModelVariant.Raw };
        return OnnxExporter.Export(model.Network, OnnxExport.CreateOptions(model, request)).ToBytes();
    }

    private static string Describe(ModelInfo info, int bytes)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("name", info.Name);
            writer.WriteNumber("bytes", bytes);
            writer.WriteStartArray("classes");
            for (int label = 0; label < info.Classes.Count; label++)
            {
                RgbColor color = Palette.GetColor(label);
                writer.WriteStartObject();
                writer.WriteString("name", info.Classes[label]);
                writer.WriteString("color", $"#{color.R:x2}{color.G:x2}{color.B:x2}");
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("strides");
            foreach (int stride in info.Strides)
            {
                writer.WriteNumberValue(stride);
            }

            writer.WriteEndArray();
            writer.WriteNumber("regMax", info.RegMax);
            writer.WriteNumber("centerOffset", info.CenterOffset);
            writer.WriteNumber("nms", info.Postprocess.NmsThreshold);
            writer.WriteNumber("maxDetections", info.Postprocess.MaxDetections);
            writer.WriteNumber("maxPerLevel", info.Postprocess.MaxPerLevel);
            writer.WriteStartObject("resize");
            writer.WriteString("mode", info.Resize.Mode.ToString());
            writer.WriteNumber("longSide", info.Resize.LongSide);
            writer.WriteNumber("shortSide", info.Resize.ShortSide);
            writer.WriteNumber("divisor", info.Resize.Divisor);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
