namespace FocalSharp.Checkpoints.TensorFlowJs;

/// <summary>Reads several files as one stream.</summary>
internal sealed class ShardStream(IReadOnlyList<string> paths) : IDisposable
{
    private FileStream? _current;
    private int _next;

    /// <summary>Fills the span; false if the files end before.</summary>
    public bool TryRead(Span<byte> target)
    {
        while (target.Length > 0)
        {
            int read = _current?.Read(target) ?? 0;
            if (read == 0 && !MoveNext())
            {
                return false;
            }

            target = target[read..];
        }

        return true;
    }

    /// <summary>Skips bytes; false if the files end before.</summary>
    public bool TrySkip(long count)
    {
        Span<byte> scratch = stackalloc byte[512];
        while (count > 0)
        {
            int step = (int)Math.Min(count, scratch.Length);
            if (!TryRead(scratch[..step]))
            {
                return false;
            }

            count -= step;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _current?.Dispose();

    private bool MoveNext()
    {
        if (_next == paths.Count)
        {
            return false;
        }

        _current?.Dispose();
        _current = File.OpenRead(paths[_next++]);
        return true;
    }
}
