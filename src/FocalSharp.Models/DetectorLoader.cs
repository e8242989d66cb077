using FocalSharp.Models.Catalog;
using FocalSharp.Runtime;
using FocalSharp.Torch.Native;

namespace FocalSharp.Models;

/// <summary>Loads a detector from a run folder, weights or an ONNX file: <c>using IDetector detector = DetectorLoader.Load("runs/demo");</c></summary>
public static class DetectorLoader
{
    /// <summary>The extension of ONNX files.</summary>
    internal const string OnnxExtension = ".onnx";

    /// <summary>Loads a detector.</summary>
    /// <param name="nameOrPath">
    /// A run folder (its best weights), a weights file (<c>.safetensors</c>), a PyTorch checkpoint (<c>.pth</c>, <c>.pt</c>, <c>.ckpt</c>), an
    /// exported ONNX file (<c>.onnx</c>), or the name of a published model that was downloaded.
    /// </param>
    /// <param name="options">How to load and run it; null for the defaults.</param>
    /// <returns>A <see cref="Detector"/> for an ONNX file, else a <see cref="TorchDetector"/>. Dispose it when done.</returns>
    /// <exception cref="ModelException">There is no such model, or it cannot be loaded.</exception>
    /// <exception cref="OptionException">An option is out of range, or does not apply to the file.</exception>
    public static IDetector Load(string nameOrPath, DetectorLoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        options ??= new DetectorLoadOptions();
        options.Validate();
        string file = ModelZoo.Resolve(nameOrPath);
        if (!IsOnnx(file))
        {
            if (options.ReloadOnChange)
            {
                throw new OptionException($"{file}: weights are not reloaded when they change; export an ONNX file, which is.")
                {
                    OptionName = nameof(DetectorLoadOptions.ReloadOnChange),
                };
            }

            return TorchDetector.LoadFile(file, options);
        }

        if (options.Precision == Precision.BFloat16)
        {
            throw new OptionException($"{file}: an ONNX file has the precision it was exported with; load the weights to compute in bfloat16.")
            {
                OptionName = nameof(DetectorLoadOptions.Precision),
            };
        }

        return Detector.Load(file, options.ToRuntimeOptions());
    }

    /// <summary>Returns whether a file is an ONNX graph, by its extension.</summary>
    internal static bool IsOnnx(string path) => path.EndsWith(OnnxExtension, StringComparison.OrdinalIgnoreCase);
}
