using FocalSharp.Torch.Losses.Fused;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>
/// Quality Focal Loss (paper, eq. 5): <c>−|y − σ|^β ((1 − y) log(1 − σ) + y log σ)</c> per class, y being the quality (IoU) of the
/// true class of a positive row and 0 everywhere else. Gradient flows through the modulator as well, not through y.
/// </summary>
/// <param name="beta">Exponent β of the modulating factor. Default: 2, as in the paper and the official configs.</param>
/// <param name="reduction">How rows are combined.</param>
/// <param name="lossWeight">Factor of the result (official: 1).</param>
/// <param name="activated">True where predictions are probabilities already (GFLv2).</param>
/// <param name="labels">What labels mean.</param>
/// <param name="firstRelease">
/// Behaves as the first official release: the loss is kept per element <c>[N, C]</c> (weights broadcast to it, the mean is over
/// N·C), the averaging factor gets no epsilon, and for odd β the positives' modulator keeps its sign. A fractional β, for which that
/// release gave NaN, uses |y − σ|.
/// </param>
public sealed class QualityFocalLoss(
    double beta = 2,
    LossReduction reduction = LossReduction.Mean,
    double lossWeight = 1,
    bool activated = false,
    LabelConvention labels = LabelConvention.BackgroundLast,
    bool firstRelease = false)
    : nn.Module<Tensor, Tensor, Tensor, Tensor>(nameof(QualityFocalLoss))
{
    private readonly LossReducer _reducer = new(reduction, lossWeight, firstRelease ? 0 : LossReducer.FloatEpsilon);

    /// <summary>The loss of labelled rows.</summary>
    /// <param name="prediction">Logits (or probabilities) <c>[N, C]</c>.</param>
    /// <param name="label">Integer labels <c>[N]</c>.</param>
    /// <param name="quality">Quality of each row's positive class <c>[N]</c>, in [0, 1].</param>
    public override Tensor forward(Tensor prediction, Tensor label, Tensor quality) => forward(prediction, label, quality, null);

    /// <summary>The loss of labelled rows with weights.</summary>
    /// <param name="prediction">Logits (or probabilities) <c>[N, C]</c>.</param>
    /// <param name="label">Integer labels <c>[N]</c>.</param>
    /// <param name="quality">Quality of each row's positive class <c>[N]</c>, in [0, 1].</param>
    /// <param name="weight">Weights <c>[N]</c> (first release: broadcast to <c>[N, C]</c>), or null.</param>
    /// <param name="averageFactor">What a Mean divides the sum by, or null for the number of rows.</param>
    public Tensor forward(Tensor prediction, Tensor label, Tensor quality, Tensor? weight, double? averageFactor = null)
    {
        using DisposeScope scope = NewDisposeScope();
        long classes = prediction.size(1);
        if (TryComputeFused(prediction, label, quality, weight, averageFactor) is Tensor fused)
        {
            return fused.MoveToOuterDisposeScope();
        }

        Tensor target = LabelTargets.Dense(label, quality.detach().to(prediction.dtype), classes, labels);
        Tensor loss;
        if (firstRelease && beta % 2 == 1)
        {
            Tensor positive = arange(classes, int64, prediction.device).unsqueeze(0).eq(LabelTargets.Indices(label, classes, labels));
            loss = CrossEntropy(prediction, target, activated) * SignedModulator(prediction, target, positive);
        }
        else
        {
            loss = Elements(prediction, target, beta, activated);
        }

        return _reducer.Apply(firstRelease ? loss : loss.sum(1), weight, averageFactor).MoveToOuterDisposeScope();
    }

    /// <summary>The loss against a quality for every class, as for soft labels: zeros are negatives.</summary>
    /// <param name="prediction">Logits (or probabilities) <c>[N, C]</c>.</param>
    /// <param name="target">Qualities <c>[N, C]</c> in [0, 1].</param>
    /// <param name="weight">Weights <c>[N]</c>, or null.</param>
    /// <param name="averageFactor">What a Mean divides the sum by, or null for the number of rows.</param>
    public Tensor ForwardDense(Tensor prediction, Tensor target, Tensor? weight = null, double? averageFactor = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor loss = Elements(prediction, target.detach(), beta, activated);
        return _reducer.Apply(firstRelease ? loss : loss.sum(1), weight, averageFactor).MoveToOuterDisposeScope();
    }

    /// <summary>The loss of each element, for predictions and targets of any equal shape.</summary>
    internal static Tensor Elements(Tensor prediction, Tensor target, double beta, bool activated)
    {
        Tensor distance = target - (activated ? prediction : prediction.sigmoid());
        Tensor modulator = beta == 2 ? distance.square() : distance.abs().pow(beta);
        return CrossEntropy(prediction, target, activated) * modulator;
    }

    // Odd powers of the first release and probabilities are left to operators; so is a loss for each row, which saves no pass.
    private Tensor? TryComputeFused(Tensor prediction, Tensor label, Tensor quality, Tensor? weight, double? averageFactor)
    {
        long rows = prediction.size(0);
        bool fits = !firstRelease && !activated && beta >= 0 && prediction.dim() == 2 && NativeFloat32.Supports(prediction)
            && label.numel() == rows && quality.numel() == rows;
        if (!fits || RowLossScale.Create(_reducer, weight, averageFactor, rows) is not RowLossScale factors)
        {
            return null;
        }

        long[] classes = NativeCopy.ToArray<long>(label.to(int64));
        if (labels == LabelConvention.BackgroundFirst)
        {
            classes = Array.ConvertAll(classes, one => one - 1);
        }

        float[] qualities = NativeCopy.ToArray<float>(quality.detach().to(float32));
        return FusedQualityFocal.Apply(prediction, classes, qualities, beta, factors);
    }

    private static Tensor CrossEntropy(Tensor prediction, Tensor target, bool activated) => activated
        ? nn.functional.binary_cross_entropy(prediction, target, reduction: nn.Reduction.None)
        : nn.functional.binary_cross_entropy_with_logits(prediction, target, reduction: nn.Reduction.None);

    private Tensor SignedModulator(Tensor prediction, Tensor target, Tensor positive)
    {
        Tensor sigma = activated ? prediction : prediction.sigmoid();
        return where(positive, target - sigma, sigma).pow(beta);
    }
}
