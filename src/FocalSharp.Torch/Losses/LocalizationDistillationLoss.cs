using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>
/// Localization distillation (arXiv 2102.12252): the divergence between a teacher's and a student's distribution of a side, both
/// softened by a temperature, <c>KL(softmax(teacher/T) ‖ softmax(student/T))·T²</c>, averaged over the bins.
/// </summary>
/// <remarks>
/// A drop-in loss module: apply it to the <c>BoxDistributionLogits</c> of two detectors' outputs and add it to
/// <see cref="LossTerms.Total"/>.
/// </remarks>
/// <param name="temperature">T (official: 10).</param>
/// <param name="reduction">Reduction of the rows.</param>
/// <param name="lossWeight">Factor of the result (official detectors: 0.25).</param>
public sealed class LocalizationDistillationLoss(double temperature = 10, LossReduction reduction = LossReduction.Mean, double lossWeight = 1)
    : nn.Module<Tensor, Tensor, Tensor>(LibTorch.Named(nameof(LocalizationDistillationLoss)))
{
    private readonly double _temperature = temperature > 0 && double.IsFinite(temperature)
        ? temperature
        : throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "The temperature must be a finite number above 0.");

    private readonly LossReducer _reducer = new(reduction, lossWeight);

    /// <summary>Computes the loss without weights.</summary>
    /// <param name="student">Logits <c>[N, n+1]</c>.</param>
    /// <param name="teacher">Logits <c>[N, n+1]</c>; no gradient flows to them.</param>
    public override Tensor forward(Tensor student, Tensor teacher) => forward(student, teacher, null);

    /// <summary>Computes the loss with weights.</summary>
    /// <param name="student">Logits <c>[N, n+1]</c>.</param>
    /// <param name="teacher">Logits <c>[N, n+1]</c>; no gradient flows to them.</param>
    /// <param name="weight">Weights <c>[N]</c>, or null.</param>
    /// <param name="averageFactor">Divisor of the sum for the reduction Mean, or null for N.</param>
    public Tensor forward(Tensor student, Tensor teacher, Tensor? weight, double? averageFactor = null)
    {
        LossGuards.RequireMatrix(student, nameof(student), "[N, n + 1] with at least two bins", minColumns: 2);
        LossGuards.RequireShapeOf(teacher, nameof(teacher), student, nameof(student));
        LossGuards.RequireRows(weight, nameof(weight), student);
        LossGuards.RequireFactor(averageFactor);
        LossGuards.CheckNumbers(student, nameof(student));
        LossGuards.CheckNumbers(teacher, nameof(teacher));
        LossGuards.CheckWeight(weight, nameof(weight));
        using DisposeScope scope = NewDisposeScope();
        Tensor goal = nn.functional.softmax(teacher.detach() / _temperature, 1);
        Tensor logs = nn.functional.log_softmax(student / _temperature, 1);
        Tensor divergence = nn.functional.kl_div(logs, goal, log_target: false, reduction: nn.Reduction.None);
        Tensor loss = divergence.mean([1]) * (_temperature * _temperature);
        return _reducer.Apply(loss, weight, averageFactor).MoveToOuterDisposeScope();
    }
}
