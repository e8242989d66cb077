using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using FocalSharp.Training.Distributed;

namespace FocalSharp.Training.Tests.Distributed.Support;

/// <summary>Ranks that are threads of one process. Sums are computed in the order of the ranks.</summary>
internal sealed class InProcessRanks : ICollective
{
    private readonly Group _group;

    private InProcessRanks(Group group, int rank) => (_group, Rank) = (group, rank);

    public int Rank { get; }

    public int Size => _group.Buffers.Length;

    /// <summary>Gets the number of exchanges of this rank.</summary>
    public int Operations { get; private set; }

    /// <summary>Runs the same work on several ranks and returns their results.</summary>
    public static T[] Run<T>(int size, Func<ICollective, T> work)
    {
        using CancellationTokenSource failed = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Group group = new(size, failed.Token);
        T[] results = new T[size];
        List<Exception> errors = [];
        Thread[] threads = [.. Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                results[rank] = work(new InProcessRanks(group, rank));
            }
            catch (Exception exception)
            {
                lock (errors)
                {
                    errors.Add(exception);
                }

                failed.Cancel();
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (errors.Count > 0)
        {
            ExceptionDispatchInfo.Throw(errors[0]);
        }

        return results;
    }

    public void AllReduceSum(Span<float> values) => Reduce(values, (sum, value) => sum + value);

    public void AllReduceSum(Span<double> values) => Reduce(values, (sum, value) => sum + value);

    public void AllReduceMax(Span<double> values) => Reduce(values, Math.Max);

    public void Broadcast(Span<byte> values, int root)
    {
        byte[][] all = Exchange(values.ToArray());
        Assert.All(all, other => Assert.Equal(all[0].Length, other.Length));
        all[root].CopyTo(values);
    }

    public void AllGather(ReadOnlySpan<byte> own, Span<byte> all)
    {
        byte[][] parts = Exchange(own.ToArray());
        for (int rank = 0; rank < Size; rank++)
        {
            parts[rank].CopyTo(all[(rank * own.Length)..]);
        }
    }

    public void AllToAll(ReadOnlySpan<byte> sent, Span<byte> received)
    {
        byte[][] parts = Exchange(sent.ToArray());
        int length = sent.Length / Size;
        for (int rank = 0; rank < Size; rank++)
        {
            parts[rank].AsSpan(Rank * length, length).CopyTo(received[(rank * length)..]);
        }
    }

    public void Barrier() => _ = Exchange([]);

    public ICollective Duplicate()
    {
        if (Rank == 0)
        {
            _group.Copy = new Group(Size, _group.Failed);
        }

        Barrier();
        InProcessRanks copy = new(_group.Copy!, Rank);
        Barrier();
        return copy;
    }

    public void Abort() => throw new InvalidOperationException($"Rank {Rank} ended all ranks.");

    public void Dispose()
    {
    }

    private void Reduce<T>(Span<T> values, Func<T, T, T> add)
        where T : unmanaged
    {
        byte[][] all = Exchange(MemoryMarshal.AsBytes(values).ToArray());
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = MemoryMarshal.Cast<byte, T>(all[0])[i];
            for (int rank = 1; rank < Size; rank++)
            {
                values[i] = add(values[i], MemoryMarshal.Cast<byte, T>(all[rank])[i]);
            }
        }
    }

    private byte[][] Exchange(byte[] own)
    {
        Operations++;
        _group.Buffers[Rank] = own;
        _group.Gate.SignalAndWait(_group.Failed);
        byte[][] all = [.. _group.Buffers];
        _group.Gate.SignalAndWait(_group.Failed);
        return all;
    }

    private sealed class Group(int size, CancellationToken failed)
    {
        public byte[][] Buffers { get; } = new byte[size][];

        public Barrier Gate { get; } = new(size);

        public CancellationToken Failed => failed;

        public Group? Copy { get; set; }
    }
}
