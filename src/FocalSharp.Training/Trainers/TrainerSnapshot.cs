using FocalSharp.Checkpoints;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Training.Optimization;
using static TorchSharp.torch;

namespace FocalSharp.Training.Trainers;

/// <summary>Copies a training's tensors out and back in, bit for bit.</summary>
internal static class TrainerSnapshot
{
    private const string Model = "model.";
    private const string Average = "ema.";
    private const string Optimizer = "optimizer.";
    private const string Random = "random.cpu";

    /// <summary>Copies of all tensors.</summary>
    public static IReadOnlyList<KeyValuePair<string, StateTensor>> Take(nn.Module model, nn.Module? average, Optimizer optimizer)
    {
        using IDisposable guard = no_grad();
        using Tensor random = Generator.Default.get_state();
        return
        [
            .. Copies(Model, model),
            .. average is null ? [] : Copies(Average, average),
            .. optimizer.State().Select(entry => KeyValuePair.Create(Optimizer + entry.Name, TensorConversion.ToState(entry.Value))),
            KeyValuePair.Create(Random, TensorConversion.ToState(random)),
        ];
    }

    /// <summary>Puts copies back.</summary>
    /// <exception cref="UserErrorException">They are another model's or another optimiser's.</exception>
    public static void PutBack(
        IReadOnlyList<KeyValuePair<string, StateTensor>> tensors, nn.Module model, nn.Module? average, Optimizer optimizer, int optimizerSteps)
    {
        using IDisposable guard = no_grad();
        Fill(Below(tensors, Model), model);
        if (average is not null)
        {
            Fill(Below(tensors, Average), average);
        }

        optimizer.Restore(Below(tensors, Optimizer), optimizerSteps);
        if (tensors.FirstOrDefault(entry => entry.Key == Random).Value is { } stored)
        {
            using Tensor random = TensorConversion.ToTensor(stored);
            Generator.Default.set_state(random);
        }
    }

    private static IEnumerable<KeyValuePair<string, StateTensor>> Copies(string prefix, nn.Module module) =>
        module.state_dict().Select(entry => KeyValuePair.Create(prefix + entry.Key, TensorConversion.ToState(entry.Value)));

    private static Dictionary<string, StateTensor> Below(IReadOnlyList<KeyValuePair<string, StateTensor>> tensors, string prefix) => tensors
        .Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value);

    private static void Fill(Dictionary<string, StateTensor> stored, nn.Module module)
    {
        Dictionary<string, Tensor> targets = module.state_dict();
        if (targets.Count != stored.Count || targets.Any(entry => !stored.TryGetValue(entry.Key, out StateTensor? state) || !state.Shape.SequenceEqual(entry.Value.shape)))
        {
            throw new UserErrorException("the stored tensors are not those of this model.");
        }

        foreach ((string name, Tensor target) in targets)
        {
            TensorConversion.CopyTo(stored[name], target);
        }
    }
}
