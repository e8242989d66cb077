using FocalSharp.Checkpoints;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Training.Optimization;
using static TorchSharp.torch;

namespace FocalSharp.Training.Loop;

/// <summary>Captures and restores the tensors of a training, bit for bit.</summary>
internal static class TrainerTensors
{
    private const string ModelPrefix = "model.";
    private const string AveragePrefix = "ema.";
    private const string OptimizerPrefix = "optimizer.";
    private const string RandomStateKey = "random.cpu";

    /// <summary>Copies all tensors.</summary>
    public static IReadOnlyList<KeyValuePair<string, StateTensor>> Capture(nn.Module model, nn.Module? average, Optimizer optimizer)
    {
        using IDisposable guard = no_grad();
        using Tensor random = Generator.Default.get_state();
        return
        [
            .. CopyStateDict(ModelPrefix, model),
            .. average is null ? [] : CopyStateDict(AveragePrefix, average),
            .. optimizer.GetState().Select(entry => KeyValuePair.Create(OptimizerPrefix + entry.Name, TensorConversion.ToState(entry.Value))),
            KeyValuePair.Create(RandomStateKey, TensorConversion.ToState(random)),
        ];
    }

    /// <summary>Restores all tensors.</summary>
    /// <exception cref="TrainingException">They are of another model or optimizer.</exception>
    public static void Restore(
        IReadOnlyList<KeyValuePair<string, StateTensor>> tensors, nn.Module model, nn.Module? average, Optimizer optimizer, int optimizerSteps)
    {
        using IDisposable guard = no_grad();
        LoadStateDict(SelectPrefix(tensors, ModelPrefix), model);
        if (average is not null)
        {
            LoadStateDict(SelectPrefix(tensors, AveragePrefix), average);
        }

        optimizer.Restore(SelectPrefix(tensors, OptimizerPrefix), optimizerSteps);
        if (tensors.FirstOrDefault(entry => entry.Key == RandomStateKey).Value is { } stored)
        {
            using Tensor random = TensorConversion.ToTensor(stored);
            Generator.Default.set_state(random);
        }
    }

    private static IEnumerable<KeyValuePair<string, StateTensor>> CopyStateDict(string prefix, nn.Module module) =>
        module.state_dict().Select(entry => KeyValuePair.Create(prefix + entry.Key, TensorConversion.ToState(entry.Value)));

    private static Dictionary<string, StateTensor> SelectPrefix(IReadOnlyList<KeyValuePair<string, StateTensor>> tensors, string prefix) => tensors
        .Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value);

    private static void LoadStateDict(Dictionary<string, StateTensor> stored, nn.Module module)
    {
        Dictionary<string, Tensor> targets = module.state_dict();
        if (targets.Count != stored.Count || targets.Any(entry => !stored.TryGetValue(entry.Key, out StateTensor? state) || !state.Shape.SequenceEqual(entry.Value.shape)))
        {
            throw new TrainingException("The checkpoint's tensors are not those of this model.");
        }

        foreach ((string name, Tensor target) in targets)
        {
            TensorConversion.CopyTo(stored[name], target);
        }
    }
}
