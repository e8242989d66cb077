using System.Runtime.InteropServices;
using System.Text;

namespace FocalSharp.Training.Distributed;

/// <summary>Exchanges of other kinds of values.</summary>
internal static class CollectiveExtensions
{
    private const string AllRanksKey = "FocalSharp.AllRanks";

    /// <summary>Returns a number of rank 0 on all ranks.</summary>
    public static double Broadcast(this ICollective ranks, double value)
    {
        ranks.Broadcast(MemoryMarshal.AsBytes(new Span<double>(ref value)), 0);
        return value;
    }

    /// <summary>Returns bytes of one rank on all ranks.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="bytes">The bytes; used on the root only.</param>
    /// <param name="root">The rank that has the bytes.</param>
    public static byte[] BroadcastBytes(this ICollective ranks, byte[] bytes, int root = 0)
    {
        if (ranks.Size == 1)
        {
            return bytes;
        }

        long length = bytes.Length;
        ranks.Broadcast(MemoryMarshal.AsBytes(new Span<long>(ref length)), root);
        byte[] result = ranks.Rank == root ? bytes : new byte[length];
        ranks.Broadcast(result, root);
        return result;
    }

    /// <summary>Returns a text of one rank on all ranks.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="text">The text; used on the root only.</param>
    /// <param name="root">The rank that has the text.</param>
    public static string BroadcastText(this ICollective ranks, string text, int root = 0) =>
        Encoding.UTF8.GetString(ranks.BroadcastBytes(Encoding.UTF8.GetBytes(ranks.Rank == root ? text : ""), root));

    /// <summary>Returns the bytes of every rank, which may differ in length, on all ranks.</summary>
    public static byte[][] GatherBytes(this ICollective ranks, byte[] own)
    {
        if (ranks.Size == 1)
        {
            return [own];
        }

        long[] lengths = new long[ranks.Size];
        long length = own.Length;
        ranks.AllGather(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(ref length)), MemoryMarshal.AsBytes(lengths.AsSpan()));
        byte[][] all = new byte[ranks.Size][];
        for (int rank = 0; rank < all.Length; rank++)
        {
            all[rank] = rank == ranks.Rank ? own : new byte[lengths[rank]];
            ranks.Broadcast(all[rank], rank);
        }

        return all;
    }

    /// <summary>Returns the text of every rank on all ranks.</summary>
    public static string[] GatherTexts(this ICollective ranks, string own) =>
        [.. ranks.GatherBytes(Encoding.UTF8.GetBytes(own)).Select(Encoding.UTF8.GetString)];

    /// <summary>Returns the maximum of a number over the ranks.</summary>
    public static double Max(this ICollective ranks, double value)
    {
        ranks.AllReduceMax(new Span<double>(ref value));
        return value;
    }

    /// <summary>Runs something on rank 0 that the others wait for, however long it takes, and returns its result on all ranks.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="work">What to do.</param>
    /// <param name="write">Writes the result as text.</param>
    /// <param name="read">Reads the result from text.</param>
    /// <exception cref="TrainingException">It failed.</exception>
    public static T RunOnFirst<T>(this ICollective ranks, Func<T> work, Func<T, string> write, Func<string, T> read)
    {
        if (ranks.Size == 1)
        {
            return work();
        }

        using IDisposable? suspension = (ranks as IMonitoredCollective)?.SuspendTimeout();
        T? own = ranks.RunTogether(() => ranks.Rank == 0 ? work() : default);
        string text = ranks.BroadcastText(ranks.Rank == 0 ? write(own!) : "");
        return ranks.Rank == 0 ? own! : read(text);
    }

    /// <summary>
    /// Runs something on every rank that may fail on some: if it fails on one, all ranks throw an exception that names it, so that none waits for it.
    /// </summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="work">What to do; it must not exchange anything.</param>
    /// <exception cref="TrainingException">It failed on a rank.</exception>
    public static T RunTogether<T>(this ICollective ranks, Func<T> work)
    {
        if (ranks.Size == 1)
        {
            return work();
        }

        T? result = default;
        FocalSharpException? failure = null;
        try
        {
            result = work();
        }
        catch (FocalSharpException exception)
        {
            failure = exception;
        }

        ranks.ThrowIfAnyFailed(failure);
        return result!;
    }

    /// <summary>Marks an exception that all ranks throw together.</summary>
    public static TrainingException OfAllRanks(TrainingException exception)
    {
        exception.Data[AllRanksKey] = true;
        return exception;
    }

    /// <summary>Returns whether all ranks threw this exception together, so that none waits for another.</summary>
    public static bool IsOfAllRanks(Exception exception) =>
        exception.Data.Contains(AllRanksKey) || (exception.InnerException is { } inner && IsOfAllRanks(inner));

    /// <summary>Throws on all ranks if one of them failed.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="failure">Why this rank failed, or null.</param>
    /// <exception cref="TrainingException">A rank failed.</exception>
    public static void ThrowIfAnyFailed(this ICollective ranks, FocalSharpException? failure)
    {
        // The lowest rank that failed is named: its number is the maximum of what the ranks send.
        int failed = ranks.Size - (int)ranks.Max(failure is null ? 0 : ranks.Size - ranks.Rank);
        if (failed == ranks.Size)
        {
            return;
        }

        string message = ranks.BroadcastText(failure is null ? "" : $"Rank {ranks.Rank} of {ranks.Size} on {Environment.MachineName}: {failure.Message}", failed);
        throw OfAllRanks(failure is null ? new TrainingException(message) : new TrainingException(message, failure));
    }
}
