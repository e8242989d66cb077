using FocalSharp.Torch.Losses.Fused;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Losses;

/// <summary>
/// Quality Focal Loss (paper, eq. 5): <c>−|y − σ|^β ((1 − y) log(1 − σ) + y log σ)</c> per class, where y is the quality (IoU) at
/// the true class of a positive row, else 0. Gradient flows through the modulating factor too, but not through y.
/// </summary>
/// <param name="beta">Exponent β of the modulating factor (paper and official configs: 2).</param>
/// <param name="reduction">Reduction of the rows.</param>
/// <param name="lossWeight">Factor of the result (official: 1).</param>
/// <param name="activated">Whether predictions are probabilities (GFLv2).</param>
/// <param name="backgroundFirst">
/// Whether integer label 0 is background and 1 to C are classes (first official GFL release, mmdetection 1.x). Default: 0 to C − 1 are classes; C
/// and negative labels are background (mmdetection 2.x and 3.x).
/// </param>
/// <param name="firstRelease">
/// Whether to compute as the first official release: the loss is per element <c>[N, C]</c> (weights broadcast to it, the mean is
/// over N·C), the averaging factor gets no epsilon, and for odd β the positives' modulating factor is signed. A fractional β, for
/// which that release gave NaN, uses |y − σ|.
/// </param>
public sealed class QualityFocalLoss(
    double beta = 2,
    LossReduction reduction = LossReduction.Mean,
    double lossWeight = 1,
    bool activated = false,
    bool backgroundFirst = false,
    bool firstRelease = false)
    : nn.Module<Tensor, Tensor, Tensor, Tensor>(LibTorch.Named(nameof(QualityFocalLoss))), IClassificationLoss
{
    private readonly LossReducer _reducer = new(reduction, lossWeight, firstRelease ? 0 : LossReducer.FloatEpsilon);

    /// <summary>Gets the exponent of the modulating factor.</summary>
    public double Beta { get; } = LossGuards.RequireAtLeast(beta, 0, nameof(beta));

    internal bool FirstRelease => firstRelease;

    /// <summary>Computes the loss of labeled rows.</summary>
    /// <param name="prediction">Logits (or probabilities) <c>[N, C]</c>.</param>
    /// <param name="label">Integer labels <c>[N]</c>.</param>
    /// <param name="quality">Quality of each row's positive class <c>[N]</c>, in [0, 1].</param>
    public override Tensor forward(Tensor prediction, Tensor label, Tensor quality) => forward(prediction, label, quality, null);

    /// <summary>Computes the loss of labeled rows with weights.</summary>
    /// <param name="prediction">Logits (or probabilities) <c>[N, C]</c>.</param>
    /// <param name="label">Integer labels <c>[N]</c>.</param>
    /// <param name="quality">Quality of each row's positive class <c>[N]</c>, in [0, 1].</param>
    /// <param name="weight">Weights <c>[N]</c> (first release: broadcast to <c>[N, C]</c>), or null.</param>
    /// <param name="averageFactor">Divisor of the sum for the reduction Mean, or null for the number of rows.</param>
    public Tensor forward(Tensor prediction, Tensor label, Tensor quality, Tensor? weight, double? averageFactor = null)
    {
        LossGuards.RequireMatrix(prediction, nameof(prediction), "[N, C]");
        LossGuards.RequireIntegers(label, nameof(label));
        ArgumentNullException.ThrowIfNull(quality);
        LossGuards.RequireRows(label, nameof(label), prediction);
        LossGuards.RequireRows(quality, nameof(quality), prediction);
        CheckWeight(prediction, weight, averageFactor);
        long classes = prediction.size(1);
        LossGuards.CheckRange(label, nameof(label), long.MinValue, classes, $"0 to {classes - 1}, or {classes} or negative for background");
        LossGuards.CheckRange(quality, nameof(quality), 0, 1, "between 0 and 1");
        using DisposeScope scope = NewDisposeScope();
        if (TryComputeFused(prediction, label, quality, weight, averageFactor) is Tensor fused)
        {
            return fused.MoveToOuterDisposeScope();
        }

        Tensor target = LabelTargets.Dense(label, quality.detach().to(prediction.dtype), classes, backgroundFirst);
        Tensor loss;
        if (firstRelease && Beta % 2 == 1)
        {
            Tensor positive = arange(classes, int64, prediction.device).unsqueeze(0).eq(LabelTargets.Indices(label, classes, backgroundFirst));
            loss = BinaryCrossEntropy.Compute(prediction, target, activated) * SignedModulator(prediction, target, positive);
        }
        else
        {
            loss = Elements(prediction, target, Beta, activated);
        }

        return _reducer.Apply(firstRelease ? loss : loss.sum(1), weight, averageFactor).MoveToOuterDisposeScope();
    }

    /// <summary>Computes the loss against a quality for every class, as for soft labels; 0 is a negative.</summary>
    /// <param name="prediction">Logits (or probabilities) <c>[N, C]</c>.</param>
    /// <param name="target">Qualities <c>[N, C]</c> in [0, 1].</param>
    /// <param name="weight">Weights <c>[N]</c>, or null.</param>
    /// <param name="averageFactor">Divisor of the sum for the reduction Mean, or null for the number of rows.</param>
    public Tensor ForwardDense(Tensor prediction, Tensor target, Tensor? weight = null, double? averageFactor = null)
    {
        LossGuards.RequireMatrix(prediction, nameof(prediction), "[N, C]");
        LossGuards.RequireShapeOf(target, nameof(target), prediction, nameof(prediction));
        CheckWeight(prediction, weight, averageFactor);
        LossGuards.CheckRange(target, nameof(target), 0, 1, "between 0 and 1");
        using DisposeScope scope = NewDisposeScope();
        Tensor loss = Elements(prediction, target.detach().to(prediction.dtype), Beta, activated);
        return _reducer.Apply(firstRelease ? loss : loss.sum(1), weight, averageFactor).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    Tensor IClassificationLoss.Compute(Tensor scores, Tensor qualities, Tensor positives, bool scoresAreProbabilities)
    {
        LossGuards.RequireFloatingPoint(scores, nameof(scores));
        LossGuards.RequireShapeOf(qualities, nameof(qualities), scores, nameof(scores));
        LossGuards.RequireShapeOf(positives, nameof(positives), scores, nameof(scores));
        return Elements(scores, qualities, Beta, scoresAreProbabilities);
    }

    /// <summary>Computes the loss of each element, for predictions and targets of equal shape.</summary>
    internal static Tensor Elements(Tensor prediction, Tensor target, double beta, bool activated)
    {
        Tensor distance = target - (activated ? prediction : prediction.sigmoid());
        Tensor modulator = beta == 2 ? distance.square() : distance.abs().pow(beta);
        return BinaryCrossEntropy.Compute(prediction, target, activated) * modulator;
    }

    private void CheckWeight(Tensor prediction, Tensor? weight, double? averageFactor)
    {
        LossGuards.RequireFactor(averageFactor);
        if (firstRelease)
        {
            LossGuards.RequireBroadcast(weight, nameof(weight), prediction);
        }
        else
        {
            LossGuards.RequireRows(weight, nameof(weight), prediction);
        }

        LossGuards.CheckNumbers(prediction, nameof(prediction));
        LossGuards.CheckWeight(weight, nameof(weight));
    }

    // Not supported: the first release, probabilities, and a loss per row.
    private Tensor? TryComputeFused(Tensor prediction, Tensor label, Tensor quality, Tensor? weight, double? averageFactor)
    {
        long rows = prediction.size(0);
        bool fits = !firstRelease && !activated && prediction.dim() == 2 && NativeFloat32.Supports(prediction)
            && label.numel() == rows && quality.numel() == rows;
        if (!fits || _reducer.TryGetRowScale(weight, averageFactor, rows) is not RowLossScale factors)
        {
            return null;
        }

        long[] classes = NativeCopy.ToArray<long>(label.to(int64));
        if (backgroundFirst)
        {
            classes = Array.ConvertAll(classes, one => one - 1);
        }

        float[] qualities = NativeCopy.ToArray<float>(quality.detach().to(float32));
        return FusedQualityFocal.Apply(prediction, classes, qualities, Beta, factors);
    }

    private Tensor SignedModulator(Tensor prediction, Tensor target, Tensor positive)
    {
        Tensor sigma = activated ? prediction : prediction.sigmoid();
        return where(positive, target - sigma, sigma).pow(Beta);
    }
}
