namespace FocalSharp.Training.Distributed;

/// <summary>Sends and receives reports between two ranks without waiting.</summary>
internal interface IRankMessages : IDisposable
{
    /// <summary>Sends a report; does nothing if the one before is still on its way.</summary>
    void Send(int rank, ReadOnlySpan<double> report);

    /// <summary>Receives a report that has arrived.</summary>
    /// <returns>Whether there was one.</returns>
    bool TryReceive(int rank, Span<double> report);
}
