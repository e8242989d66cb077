using FocalSharp.Checkpoints;
using FocalSharp.Torch.Detectors;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>
/// Loads weights of mmdetection (1.x to 3.x), the first GFL release, GFLv2, torchvision or FocalSharp into a model, and reports
/// what happened to every tensor.
/// </summary>
public static class CheckpointImporter
{
    private const string Classifier = "bbox_head.gfl_cls.";

    /// <summary>Creates the detector that a file's weights belong to, and loads them.</summary>
    /// <param name="path">A .pth or .safetensors file.</param>
    /// <param name="weightsKey">The entry of the file that contains the weights; null to detect it.</param>
    /// <exception cref="FocalSharpException">The file cannot be read, does not contain a GFL detector, or contains NaN or infinity.</exception>
    public static ImportedDetector Import(string path, string? weightsKey = null)
    {
        Checkpoint source = Checkpoint.Read(path, weightsKey);
        DetectorOptions options = WithPath(path, () => CheckpointInspector.InferOptions(source.Weights, source.Classes));
        GflDetector detector = new(options);
        try
        {
            ImportReport report = WithPath(path, () => Load(detector, source.Weights, options.Classes, options.Classes));
            return new ImportedDetector(detector, report, source);
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Loads a file's weights into a detector: those of a whole detector, whose classes may differ, or of a backbone.
    /// </summary>
    /// <param name="detector">The detector, on any device.</param>
    /// <param name="source">The file's contents.</param>
    /// <param name="names">
    /// For each class of the detector, the class of the file whose weights it starts from; null for the same names.
    /// </param>
    /// <exception cref="ModelException">No tensor of the file fits.</exception>
    public static ImportReport Load(GflDetector detector, Checkpoint source, IReadOnlyList<string>? names = null) =>
        Load(
            detector, source.Weights, CheckpointInspector.KnownClasses(source.Weights, source.Classes), names ?? detector.Options.Classes);

    /// <summary>Loads a state dict's weights into a module with FocalSharp's parameter names, converting element types.</summary>
    /// <param name="module">The module, on any device.</param>
    /// <param name="weights">The file's tensors, under the names of any source.</param>
    /// <param name="fileClasses">The file's class names, null if unknown.</param>
    /// <param name="modelClasses">
    /// The model's class names, null if unknown. If both are known, classifier rows are matched by name; else they are loaded if
    /// there are equally many.
    /// </param>
    /// <exception cref="ModelException">No tensor of the file fits, or one contains NaN or infinity.</exception>
    public static ImportReport Load(
        nn.Module module,
        StateDict weights,
        IReadOnlyList<string>? fileClasses = null,
        IReadOnlyList<string>? modelClasses = null) => Load(module, weights, fileClasses, modelClasses, requireFinite: true);

    /// <summary>Loads weights, for the diagnosis of a bad step even those that are not finite.</summary>
    internal static ImportReport Load(
        nn.Module module, StateDict weights, IReadOnlyList<string>? fileClasses, IReadOnlyList<string>? modelClasses, bool requireFinite)
    {
        StateDict source = WeightNames.Normalize(weights);
        List<string> loaded = [];
        List<ReinitializedTensor> reinitialized = [];
        List<string> missing = [];
        Dictionary<string, Tensor> targets = module.state_dict();
        NanoDetVariantArchitecture.RequireSameForm(source.Names, targets.Keys);
        foreach ((string name, Tensor target) in targets)
        {
            if (!source.TryGet(name, out StateTensor? state))
            {
                if (!name.StartsWith(GflDetector.GuidancePrefix, StringComparison.Ordinal))
                {
                    missing.Add(name);
                }

                continue;
            }

            if (requireFinite)
            {
                FiniteWeights.Require(name, state);
            }

            if (name.StartsWith(Classifier, StringComparison.Ordinal) && DiffersOnlyInRows(state, target))
            {
                int[] rows = ClassifierRowMapping.Match(fileClasses, (int)state.Shape[0], modelClasses, (int)target.shape[0]);
                CopyRows(state, target, rows);
                if (Array.IndexOf(rows, -1) < 0)
                {
                    loaded.Add(name);
                }
                else
                {
                    string[] retained = [.. (modelClasses ?? []).Where((_, row) => row < rows.Length && rows[row] >= 0)];
                    reinitialized.Add(new ReinitializedTensor(name, state.Shape, target.shape, retained));
                }
            }
            else if (state.Shape.SequenceEqual(target.shape) || (state.Count == 1 && target.NumberOfElements == 1))
            {
                TensorConversion.CopyTo(new StateTensor(state.Type, target.shape, state.Data), target);
                loaded.Add(name);
            }
            else
            {
                reinitialized.Add(new ReinitializedTensor(name, state.Shape, target.shape, []));
            }
        }

        if (loaded.Count == 0)
        {
            string first = source.Count > 0 ? source.Names[0] : "";
            throw new ModelException(
                $"none of the file's {source.Count} tensors fits the model; its first is '{first}', "
                + $"the model's first is '{targets.Keys.FirstOrDefault()}'.");
        }

        return new ImportReport
        {
            Loaded = loaded,
            ReinitializedTensors = reinitialized,
            Missing = missing,
            Unexpected = [.. source.Names.Where(name => !targets.ContainsKey(name))],
        };
    }

    private static bool DiffersOnlyInRows(StateTensor state, Tensor target) =>
        state.Shape.Count > 0 && state.Shape.Skip(1).SequenceEqual(target.shape.Skip(1));

    private static void CopyRows(StateTensor state, Tensor target, int[] rows)
    {
        using IDisposable noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor source = TensorConversion.ToTensor(state);
        for (int row = 0; row < rows.Length; row++)
        {
            if (rows[row] >= 0)
            {
                target.narrow(0, row, 1).copy_(source.narrow(0, rows[row], 1));
            }
        }
    }

    /// <summary>Adds the file to the message of an error.</summary>
    internal static T WithPath<T>(string path, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (FocalSharpException error)
        {
            throw new ModelException($"{path}: {error.Message}", error) { Path = path };
        }
    }
}
