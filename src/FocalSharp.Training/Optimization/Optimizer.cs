using FocalSharp.Checkpoints;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Updates;
using FocalSharp.Training.Recipes;
using static TorchSharp.torch;

namespace FocalSharp.Training.Optimization;

/// <summary>
/// SGD with momentum or AdamW, with every state tensor known by its parameter's name, so that a run can be stored and resumed
/// exactly; TorchSharp's own optimisers key their state by handle.
/// </summary>
public sealed class Optimizer : IDisposable
{
    private const double AdamEpsilon = 1e-8;
    private const string MomentumPrefix = "momentum.";
    private const string MeanPrefix = "m.";
    private const string SquarePrefix = "v.";

    private readonly OptimizerOptions _options;
    private readonly IReadOnlyList<ParameterGroup> _groups;
    private readonly Dictionary<string, Tensor> _first = [];
    private readonly Dictionary<string, Tensor> _second = [];

    /// <summary>Makes an optimiser over a model's trainable parameters.</summary>
    public Optimizer(nn.Module model, OptimizerOptions options)
    {
        _options = options;
        _groups = ParameterGroup.Of(model, options);
    }

    /// <summary>Steps taken so far.</summary>
    public int Steps { get; private set; }

    /// <summary>The trainable parameters.</summary>
    public IEnumerable<TorchSharp.Modules.Parameter> Parameters => _groups.SelectMany(group => group.Parameters).Select(entry => entry.Tensor);

    /// <summary>Clears all gradients: the next backward pass hands over its own instead of adding to zeros.</summary>
    public void ZeroGrad()
    {
        foreach (TorchSharp.Modules.Parameter parameter in Parameters)
        {
            using Tensor? gradient = parameter.grad;
            if (gradient is not null)
            {
                parameter.grad = null;
            }
        }
    }

    /// <summary>
    /// Scales gradients down to the recipe's norm where they exceed it, as <c>clip_grad_norm_</c> does; returns the norm before.
    /// </summary>
    public double ClipGradients()
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        List<Tensor> gradients = [.. Parameters.Select(parameter => parameter.grad).OfType<Tensor>()];
        if (gradients.Count == 0)
        {
            return 0;
        }

        FlatTensors? flat = gradients.TrueForAll(FlatTensors.Fits) ? new FlatTensors(gradients) : null;
        double norm = flat is null ? stack([.. gradients.Select(gradient => gradient.norm())]).norm().item<float>() : FusedUpdates.Norm(flat);
        if (_options.ClipNorm > 0 && norm > _options.ClipNorm)
        {
            double factor = _options.ClipNorm / (norm + 1e-6);
            if (flat is not null)
            {
                FusedUpdates.Scale(flat, factor);
            }
            else
            {
                gradients.ForEach(gradient => gradient.mul_(factor));
            }
        }

        return norm;
    }

    /// <summary>Moves every parameter along its gradient.</summary>
    /// <param name="rate">The scheduled learning rate.</param>
    public void Step(double rate)
    {
        using var guard = no_grad();
        Steps++;
        foreach (ParameterGroup group in _groups)
        {
            using var scope = NewDisposeScope();
            List<(string Name, Tensor Parameter, Tensor Gradient)> moved =
            [
                .. group.Parameters.Select(entry => (entry.Name, (Tensor)entry.Tensor, entry.Tensor.grad!)).Where(entry => entry.Item3 is not null),
            ];
            if (moved.TrueForAll(entry => FlatTensors.Fits(entry.Parameter) && FlatTensors.Fits(entry.Gradient)))
            {
                StepFlat(moved, rate * group.RateFactor, group.WeightDecay);
                continue;
            }

            foreach ((string name, Tensor parameter, Tensor gradient) in moved)
            {
                if (_options.Kind == OptimizerKind.Sgd)
                {
                    StepSgd(name, parameter, gradient, rate * group.RateFactor, group.WeightDecay);
                }
                else
                {
                    StepAdamW(name, parameter, gradient, rate * group.RateFactor, group.WeightDecay);
                }
            }
        }
    }

    // All parameters of a group in one pass; elsewhere than in main memory, operator by operator.
    private void StepFlat(List<(string Name, Tensor Parameter, Tensor Gradient)> moved, double rate, double decay)
    {
        FlatTensors parameters = new(moved.ConvertAll(entry => entry.Parameter));
        FlatTensors gradients = new(moved.ConvertAll(entry => entry.Gradient));
        if (_options.Kind == OptimizerKind.Sgd)
        {
            FusedUpdates.Sgd(parameters, gradients, _options.Momentum > 0 ? States(_first) : null, rate, decay, _options.Momentum);
        }
        else
        {
            FusedUpdates.AdamW(
                parameters, gradients, States(_first), States(_second), new AdamWStep(rate, decay, _options.Beta1, _options.Beta2, AdamEpsilon, Steps));
        }

        FlatTensors States(Dictionary<string, Tensor> states) => new(moved.ConvertAll(entry => StateOf(states, entry.Name, entry.Parameter)));
    }

    /// <summary>All state tensors by name: <c>momentum.…</c>, or <c>m.…</c> and <c>v.…</c>.</summary>
    public IEnumerable<(string Name, Tensor Value)> State()
    {
        return _first.Select(entry => (FirstPrefix + entry.Key, entry.Value)).Concat(_second.Select(entry => (SquarePrefix + entry.Key, entry.Value)));
    }

    /// <summary>Takes over a state that <see cref="State"/> gave, so that the next step is what it would have been.</summary>
    /// <param name="state">Tensors by name.</param>
    /// <param name="steps">Steps taken by then.</param>
    /// <exception cref="UserErrorException">A tensor is not of this optimiser or not of its parameter's shape.</exception>
    public void Restore(IEnumerable<KeyValuePair<string, StateTensor>> state, int steps)
    {
        Dispose();
        Steps = steps;
        Dictionary<string, TorchSharp.Modules.Parameter> parameters = _groups.SelectMany(group => group.Parameters).ToDictionary();
        foreach ((string name, StateTensor stored) in state)
        {
            (Dictionary<string, Tensor> states, string parameter) = name.StartsWith(FirstPrefix, StringComparison.Ordinal)
                ? (_first, name[FirstPrefix.Length..])
                : (_second, name[Math.Min(name.Length, SquarePrefix.Length)..]);
            if (!parameters.TryGetValue(parameter, out TorchSharp.Modules.Parameter? owner) || !owner.shape.SequenceEqual(stored.Shape))
            {
                throw new UserErrorException($"the optimiser has no state '{name}' of shape [{string.Join(", ", stored.Shape)}].");
            }

            TensorConversion.CopyTo(stored, StateOf(states, parameter, owner));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _first.Values.Concat(_second.Values))
        {
            tensor.Dispose();
        }

        _first.Clear();
        _second.Clear();
    }

    private string FirstPrefix => _options.Kind == OptimizerKind.Sgd ? MomentumPrefix : MeanPrefix;

    // torch.optim.SGD: the buffer starts as the first gradient (spec, section 9), which a zero buffer gives too.
    private void StepSgd(string name, Tensor parameter, Tensor gradient, double rate, double decay)
    {
        Tensor step = decay > 0 ? gradient.add(parameter, alpha: decay) : gradient;
        if (_options.Momentum > 0)
        {
            Tensor buffer = StateOf(_first, name, parameter);
            buffer.mul_(_options.Momentum).add_(step);
            step = buffer;
        }

        parameter.add_(step, alpha: -rate);
    }

    private void StepAdamW(string name, Tensor parameter, Tensor gradient, double rate, double decay)
    {
        Tensor mean = StateOf(_first, name, parameter);
        Tensor square = StateOf(_second, name, parameter);
        if (decay > 0)
        {
            parameter.mul_(1 - (rate * decay));
        }

        mean.mul_(_options.Beta1).add_(gradient, alpha: 1 - _options.Beta1);
        square.mul_(_options.Beta2).addcmul_(gradient, gradient, 1 - _options.Beta2);
        double meanCorrection = 1 - Math.Pow(_options.Beta1, Steps);
        double squareCorrection = 1 - Math.Pow(_options.Beta2, Steps);
        Tensor denominator = square.sqrt().div_(Math.Sqrt(squareCorrection)).add_(AdamEpsilon);
        parameter.addcdiv_(mean, denominator, -rate / meanCorrection);
    }

    private static Tensor StateOf(Dictionary<string, Tensor> states, string name, Tensor parameter)
    {
        if (!states.TryGetValue(name, out Tensor? state))
        {
            state = zeros_like(parameter, requires_grad: false).DetachFromDisposeScope();
            states.Add(name, state);
        }

        return state;
    }
}
