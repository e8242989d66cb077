namespace FocalSharp.Training.Distributed;

/// <summary>
/// The processes (<em>ranks</em>) that train together, and what they exchange. Every rank calls the same methods in the same order with buffers of
/// the same length; each call returns once all ranks have called it. One thread at a time may use an instance; <see cref="Duplicate"/> makes one for
/// another thread.
/// </summary>
public interface ICollective : IDisposable
{
    /// <summary>Gets the number of this process, 0 to <see cref="Size"/> − 1. Rank 0 writes the files.</summary>
    int Rank { get; }

    /// <summary>Gets the number of processes, at least 1.</summary>
    int Size { get; }

    /// <summary>Replaces the values of every rank by their sum over the ranks; all ranks receive the same bits.</summary>
    /// <exception cref="TrainingException">The exchange failed.</exception>
    void AllReduceSum(Span<float> values);

    /// <summary>Replaces the values of every rank by their sum over the ranks; all ranks receive the same bits.</summary>
    /// <exception cref="TrainingException">The exchange failed.</exception>
    void AllReduceSum(Span<double> values);

    /// <summary>Replaces the values of every rank by their maximum over the ranks.</summary>
    /// <param name="values">Finite values; how a NaN compares is undefined.</param>
    /// <exception cref="TrainingException">The exchange failed.</exception>
    void AllReduceMax(Span<double> values);

    /// <summary>Replaces the bytes of every rank by those of one rank.</summary>
    /// <param name="values">The bytes.</param>
    /// <param name="root">The rank that has them.</param>
    /// <exception cref="TrainingException">The exchange failed.</exception>
    void Broadcast(Span<byte> values, int root);

    /// <summary>Collects the bytes of every rank on all ranks.</summary>
    /// <param name="own">The bytes of this rank, of the same length on all ranks.</param>
    /// <param name="all">Receives the bytes in the order of the ranks; <see cref="Size"/> times as long.</param>
    /// <exception cref="TrainingException">The exchange failed.</exception>
    void AllGather(ReadOnlySpan<byte> own, Span<byte> all);

    /// <summary>Sends one part of a buffer to each rank and receives one part from each.</summary>
    /// <param name="sent"><see cref="Size"/> parts of equal length; part r is sent to rank r.</param>
    /// <param name="received">Receives the parts in the order of the ranks.</param>
    /// <exception cref="TrainingException">The exchange failed.</exception>
    void AllToAll(ReadOnlySpan<byte> sent, Span<byte> received);

    /// <summary>Waits until all ranks have called it.</summary>
    /// <exception cref="TrainingException">The exchange failed.</exception>
    void Barrier();

    /// <summary>
    /// Creates a second instance with the same ranks for another thread; all ranks call it. Null if the implementation allows one thread only.
    /// </summary>
    /// <exception cref="TrainingException">The exchange failed.</exception>
    ICollective? Duplicate();

    /// <summary>Ends the processes of all ranks because this one cannot continue. Does not return if the implementation can end processes.</summary>
    void Abort();
}
