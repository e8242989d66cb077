using FocalSharp.Checkpoints;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Optimization;
using FocalSharp.Training.Recipes;
using static TorchSharp.torch;

namespace FocalSharp.Training.Optimization;

/// <summary>
/// SGD with momentum or AdamW. State tensors are keyed by the names of their parameters, so that a run can be saved and resumed exactly;
/// TorchSharp's own optimizers key their state by handle.
/// </summary>
internal sealed class Optimizer : IDisposable
{
    private const double AdamEpsilon = 1e-8;
    private const string MomentumPrefix = "momentum.";
    private const string AdamFirstMomentPrefix = "m.";
    private const string AdamSecondMomentPrefix = "v.";

    private readonly OptimizerOptions _options;
    private readonly IReadOnlyList<ParameterGroup> _groups;
    private readonly Dictionary<string, Tensor> _firstMoments = [];
    private readonly Dictionary<string, Tensor> _secondMoments = [];

    /// <summary>Initializes an optimizer for a model's trainable parameters.</summary>
    public Optimizer(nn.Module model, OptimizerOptions options)
    {
        _options = options;
        _groups = ParameterGroup.Create(model, options);
    }

    /// <summary>Gets the steps taken.</summary>
    public int StepCount { get; private set; }

    /// <summary>Gets the trainable parameters.</summary>
    public IEnumerable<TorchSharp.Modules.Parameter> Parameters => _groups.SelectMany(group => group.Parameters).Select(entry => entry.Tensor);

    /// <summary>Clears all gradients: the next backward pass assigns its own instead of adding to zeros.</summary>
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
    /// Scales gradients down to the recipe's maximum norm if they exceed it, as <c>clip_grad_norm_</c> does; returns the norm before.
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

        TensorList? flat = gradients.TrueForAll(TensorList.Supports) ? new TensorList(gradients) : null;
        double norm = flat is null ? stack([.. gradients.Select(gradient => gradient.norm())]).norm().item<float>() : FusedOptimizerKernels.Norm(flat);
        if (_options.ClipNorm > 0 && norm > _options.ClipNorm)
        {
            double factor = _options.ClipNorm / (norm + 1e-6);
            if (flat is not null)
            {
                FusedOptimizerKernels.Scale(flat, factor);
            }
            else
            {
                gradients.ForEach(gradient => gradient.mul_(factor));
            }
        }

        return norm;
    }

    /// <summary>Updates every parameter.</summary>
    /// <param name="rate">The scheduled learning rate.</param>
    public void Step(double rate)
    {
        using var guard = no_grad();
        StepCount++;
        foreach (ParameterGroup group in _groups)
        {
            using var scope = NewDisposeScope();
            List<(string Name, Tensor Parameter, Tensor Gradient)> moved =
            [
                .. group.Parameters.Select(entry => (entry.Name, (Tensor)entry.Tensor, entry.Tensor.grad!)).Where(entry => entry.Item3 is not null),
            ];
            if (moved.TrueForAll(entry => TensorList.Supports(entry.Parameter) && TensorList.Supports(entry.Gradient)))
            {
                StepFused(moved, rate * group.LearningRateFactor, group.WeightDecay);
                continue;
            }

            foreach ((string name, Tensor parameter, Tensor gradient) in moved)
            {
                if (_options.Kind == OptimizerKind.Sgd)
                {
                    StepSgd(name, parameter, gradient, rate * group.LearningRateFactor, group.WeightDecay);
                }
                else
                {
                    StepAdamW(name, parameter, gradient, rate * group.LearningRateFactor, group.WeightDecay);
                }
            }
        }
    }

    // All parameters of a group in one pass; operator by operator on other devices.
    private void StepFused(List<(string Name, Tensor Parameter, Tensor Gradient)> moved, double rate, double decay)
    {
        TensorList parameters = new(moved.ConvertAll(entry => entry.Parameter));
        TensorList gradients = new(moved.ConvertAll(entry => entry.Gradient));
        if (_options.Kind == OptimizerKind.Sgd)
        {
            FusedOptimizerKernels.Sgd(parameters, gradients, _options.Momentum > 0 ? States(_firstMoments) : null, rate, decay, _options.Momentum);
        }
        else
        {
            FusedOptimizerKernels.AdamW(
                parameters, gradients, States(_firstMoments), States(_secondMoments), new AdamWStep(rate, decay, _options.Beta1, _options.Beta2, AdamEpsilon, StepCount));
        }

        TensorList States(Dictionary<string, Tensor> states) => new(moved.ConvertAll(entry => GetOrCreateState(states, entry.Name, entry.Parameter)));
    }

    /// <summary>Returns all state tensors by name: <c>momentum.…</c>, or <c>m.…</c> and <c>v.…</c>.</summary>
    public IEnumerable<(string Name, Tensor Value)> GetState()
    {
        return _firstMoments.Select(entry => (FirstMomentPrefix + entry.Key, entry.Value)).Concat(_secondMoments.Select(entry => (AdamSecondMomentPrefix + entry.Key, entry.Value)));
    }

    /// <summary>Restores a state of <see cref="GetState"/>, bit for bit.</summary>
    /// <param name="state">Tensors by name.</param>
    /// <param name="steps">Steps taken.</param>
    /// <exception cref="TrainingException">A tensor is not of this optimizer or not of its parameter's shape.</exception>
    public void Restore(IEnumerable<KeyValuePair<string, StateTensor>> state, int steps)
    {
        Dispose();
        StepCount = steps;
        Dictionary<string, TorchSharp.Modules.Parameter> parameters = _groups.SelectMany(group => group.Parameters).ToDictionary();
        foreach ((string name, StateTensor stored) in state)
        {
            (Dictionary<string, Tensor> states, string parameter) = name.StartsWith(FirstMomentPrefix, StringComparison.Ordinal)
                ? (_firstMoments, name[FirstMomentPrefix.Length..])
                : (_secondMoments, name[Math.Min(name.Length, AdamSecondMomentPrefix.Length)..]);
            if (!parameters.TryGetValue(parameter, out TorchSharp.Modules.Parameter? owner) || !owner.shape.SequenceEqual(stored.Shape))
            {
                throw new TrainingException($"The optimizer has no state '{name}' of shape [{string.Join(", ", stored.Shape)}].");
            }

            TensorConversion.CopyTo(stored, GetOrCreateState(states, parameter, owner));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _firstMoments.Values.Concat(_secondMoments.Values))
        {
            tensor.Dispose();
        }

        _firstMoments.Clear();
        _secondMoments.Clear();
    }

    private string FirstMomentPrefix => _options.Kind == OptimizerKind.Sgd ? MomentumPrefix : AdamFirstMomentPrefix;

    // torch.optim.SGD: the buffer starts as the first gradient (spec, section 9), which a zero buffer gives too.
    private void StepSgd(string name, Tensor parameter, Tensor gradient, double rate, double decay)
    {
        Tensor step = decay > 0 ? gradient.add(parameter, alpha: decay) : gradient;
        if (_options.Momentum > 0)
        {
            Tensor buffer = GetOrCreateState(_firstMoments, name, parameter);
            buffer.mul_(_options.Momentum).add_(step);
            step = buffer;
        }

        parameter.add_(step, alpha: -rate);
    }

    private void StepAdamW(string name, Tensor parameter, Tensor gradient, double rate, double decay)
    {
        Tensor mean = GetOrCreateState(_firstMoments, name, parameter);
        Tensor square = GetOrCreateState(_secondMoments, name, parameter);
        if (decay > 0)
        {
            parameter.mul_(1 - (rate * decay));
        }

        mean.mul_(_options.Beta1).add_(gradient, alpha: 1 - _options.Beta1);
        square.mul_(_options.Beta2).addcmul_(gradient, gradient, 1 - _options.Beta2);
        double meanCorrection = 1 - Math.Pow(_options.Beta1, StepCount);
        double squareCorrection = 1 - Math.Pow(_options.Beta2, StepCount);
        Tensor denominator = square.sqrt().div_(Math.Sqrt(squareCorrection)).add_(AdamEpsilon);
        parameter.addcdiv_(mean, denominator, -rate / meanCorrection);
    }

    private static Tensor GetOrCreateState(Dictionary<string, Tensor> states, string name, Tensor parameter)
    {
        if (!states.TryGetValue(name, out Tensor? state))
        {
            state = zeros_like(parameter, requires_grad: false).DetachFromDisposeScope();
            states.Add(name, state);
        }

        return state;
    }
}
