namespace FocalSharp.Training.Distributed;

/// <summary>What a rank reports about itself to the monitor of another rank.</summary>
/// <param name="Operations">Completed operations.</param>
/// <param name="WaitingSeconds">Seconds that it has been waiting for others; 0 if it is not.</param>
/// <param name="IsSuspended">Whether the others wait for it on purpose.</param>
/// <param name="ReceivedSecondsAgo">The age of the report.</param>
internal readonly record struct RankState(long Operations, double WaitingSeconds, bool IsSuspended, double ReceivedSecondsAgo);
