using System.Security.Cryptography;
using FocalSharp.Imaging.Augmentation;
using FocalSharp.Torch.Detectors.Distillation;
using FocalSharp.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Training.Distillation;

/// <summary>
/// A teacher that computes each image once: its outputs are kept in float16 by the content of the input, until the memory is used up. An image of an
/// augmentation with flips alone has two contents per size.
/// </summary>
/// <param name="teacher">The teacher, which the cache owns; its outputs for an image must not depend on the other images of a batch.</param>
/// <param name="maxBytes">The memory for outputs.</param>
internal sealed class TeacherCache(ITeacher teacher, long maxBytes) : ITeacher
{
    private readonly Dictionary<string, TeacherOutput> _outputs = new(StringComparer.Ordinal);
    private long _bytes;

    /// <inheritdoc/>
    public TeacherHead Head => teacher.Head;

    /// <summary>Gets the number of images whose outputs came from memory.</summary>
    public int Hits { get; private set; }

    /// <summary>Returns whether images repeat under an augmentation: it changes no pixels but by flips.</summary>
    /// <param name="augmentation">The augmentation.</param>
    public static bool Pays(AugmentationOptions augmentation) =>
        augmentation is { Affine: 0, Crop: 0, Photometric: 0, Mosaic: 0, MixUp: 0, CopyPaste: 0, Grayscale: 0, Custom.Count: 0 };

    /// <inheritdoc/>
    public TeacherOutput Compute(TrainingBatch batch)
    {
        string[] keys = [.. Enumerable.Range(0, batch.Count).Select(i => KeyOf(batch, i))];
        if (keys.All(_outputs.ContainsKey))
        {
            Hits += keys.Length;
            using DisposeScope scope = NewDisposeScope();
            return new TeacherOutput(Join(output => output.Logits), Join(output => output.Sides));

            Tensor Join(Func<TeacherOutput, Tensor> part) => cat([.. keys.Select(key => part(_outputs[key]))], 0).to(float32).MoveToOuterDisposeScope();
        }

        TeacherOutput computed = teacher.Compute(batch);
        for (int i = 0; i < keys.Length; i++)
        {
            long size = 2 * (computed.Logits.numel() + computed.Sides.numel()) / batch.Count;
            if (_bytes + size <= maxBytes && !_outputs.ContainsKey(keys[i]))
            {
                _outputs.Add(keys[i], new TeacherOutput(Keep(computed.Logits, i), Keep(computed.Sides, i)));
                _bytes += size;
            }
        }

        return computed;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TeacherOutput output in _outputs.Values)
        {
            output.Dispose();
        }

        _outputs.Clear();
        teacher.Dispose();
    }

    private static Tensor Keep(Tensor tensor, int image)
    {
        using DisposeScope scope = NewDisposeScope();
        return tensor.narrow(0, image, 1).to(ScalarType.Float16).contiguous().DetachFromDisposeScope();
    }

    // The position of the content decides where the teacher sees padding.
    private static string KeyOf(TrainingBatch batch, int image)
    {
        int plane = 3 * batch.Width * batch.Height;
        string content = Convert.ToHexString(SHA256.HashData(batch.Pixels.AsSpan(image * plane, plane)));
        return $"{batch.Width}x{batch.Height} {batch.Frames[image].Width}x{batch.Frames[image].Height} {content}";
    }
}
