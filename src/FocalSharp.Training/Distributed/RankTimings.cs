namespace FocalSharp.Training.Distributed;

/// <summary>Where the time of the steps of one rank went, in this process.</summary>
/// <param name="Steps">Steps taken.</param>
/// <param name="StepSeconds">Seconds of all steps.</param>
/// <param name="ExchangeSeconds">Seconds that the training thread exchanged batch norm statistics, losses and decisions, waiting for other ranks included.</param>
/// <param name="GradientWaitSeconds">Seconds that the training thread waited for sums of gradients after the backward pass.</param>
/// <param name="GradientSeconds">Seconds that gradients were exchanged, beside the backward pass and after it, waiting for other ranks included.</param>
/// <param name="Exchanges">Operations of the rank in these steps.</param>
internal sealed record RankTimings(int Steps, double StepSeconds, double ExchangeSeconds, double GradientWaitSeconds, double GradientSeconds, long Exchanges)
{
    /// <summary>Gets the seconds that the training thread neither exchanged nor waited.</summary>
    public double ComputeSeconds => StepSeconds - ExchangeSeconds - GradientWaitSeconds;

    /// <summary>Gets the seconds of the gradients' exchange that the backward pass hid.</summary>
    public double HiddenSeconds => Math.Max(0, GradientSeconds - GradientWaitSeconds);
}
