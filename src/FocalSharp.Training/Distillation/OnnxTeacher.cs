using FocalSharp.Detections;
using FocalSharp.Runtime;
using FocalSharp.Runtime.Sessions;
using FocalSharp.Torch.Detectors.Distillation;
using FocalSharp.Training.Data;
using static TorchSharp.torch;

namespace FocalSharp.Training.Distillation;

/// <summary>A teacher from an ONNX file that was exported with raw outputs.</summary>
internal sealed class OnnxTeacher : ITeacher
{
    private readonly ModelSession _session;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelException">The file cannot be read, or has no raw outputs.</exception>
    public OnnxTeacher(string path)
    {
        _session = ModelSession.Open(path);
        ModelInfo info = _session.Info;
        if (info.Variant != ModelVariant.Raw)
        {
            _session.Dispose();
            throw new ModelException($"{path}: has the outputs '{info.Variant.ToString().ToLowerInvariant()}', but a teacher needs raw ones; export it with the variant raw.") { Path = path };
        }

        Head = new TeacherHead(info.Classes, info.Strides, info.RegMax, info.CenterOffset);
    }

    /// <inheritdoc/>
    public TeacherHead Head { get; }

    /// <inheritdoc/>
    public TeacherOutput Compute(TrainingBatch batch)
    {
        IReadOnlyDictionary<string, float[]> outputs = _session.Run(ToInterleaved(batch), batch.Frames, new ImageSize(batch.Width, batch.Height));
        return new TeacherOutput(Read("class_logits", Head.Classes.Count), Read("distributions", 4 * (Head.RegMax + 1)));

        Tensor Read(string name, int channels) => tensor(outputs[name], [batch.Count, outputs[name].Length / batch.Count / channels, channels]);
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    /// <summary>Returns the pixels as <c>[B, height, width, 3]</c>.</summary>
    private static byte[] ToInterleaved(TrainingBatch batch)
    {
        byte[] pixels = new byte[batch.Pixels.Length];
        int plane = batch.Width * batch.Height;
        for (int image = 0; image < batch.Count; image++)
        {
            int start = 3 * plane * image;
            for (int i = 0; i < plane; i++)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    pixels[start + (3 * i) + channel] = batch.Pixels[start + (channel * plane) + i];
                }
            }
        }

        return pixels;
    }
}
