namespace FocalSharp.Torch.Losses;

/// <summary>
/// Settings of a box loss of the IoU family: <c>giou</c> (<see cref="GiouLoss"/>, the paper's and official), <c>diou</c>
/// (<see cref="DiouLoss"/>), <c>ciou</c> (<see cref="CiouLoss"/>) or <c>iou</c> (<see cref="IouLoss"/>, −log IoU).
/// </summary>
public sealed record IouLossOptions : BoxLossOptions
{
    /// <summary>Initializes options with the defaults of a loss.</summary>
    /// <param name="kind">Name of the loss.</param>
    public IouLossOptions(string kind = "giou") => Kind = kind;

    /// <inheritdoc/>
    public override string Kind { get; }

    /// <summary>Gets the guard against division by 0 (official: 1e-6).</summary>
    public double Epsilon { get; init; } = BoxLoss.DefaultEpsilon;

    /// <inheritdoc/>
    public override void Validate() =>
        OptionGuard.Require(Epsilon is > 0 and <= 0.1, nameof(Epsilon), $"Box loss epsilon is {Epsilon}; it must be above 0 and at most 0.1 (official: 1e-6).");
}
