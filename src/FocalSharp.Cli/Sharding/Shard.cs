namespace FocalSharp.Cli.Sharding;

/// <summary>One of several parts of the work.</summary>
/// <param name="Index">The part, from 0.</param>
/// <param name="Count">The number of parts.</param>
internal sealed record Shard(int Index, int Count)
{
    /// <summary>Returns the items of the part: consecutive ones, so that the parts in order give the whole list.</summary>
    public T[] Take<T>(IReadOnlyList<T> all)
    {
        (int start, int end) = ((int)((long)all.Count * Index / Count), (int)((long)all.Count * (Index + 1) / Count));
        return [.. all.Skip(start).Take(end - start)];
    }
}
