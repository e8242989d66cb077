namespace FocalSharp.Runtime.Sessions;

/// <summary>Counts calls under way, so that disposing waits for none and frees what they use only after the last.</summary>
/// <param name="free">Frees it.</param>
internal sealed class UsageCounter(Action free)
{
    private readonly Lock _lock = new();
    private int _active;
    private bool _closed;

    /// <summary>Begins a call.</summary>
    /// <exception cref="ObjectDisposedException">It has ended.</exception>
    public void Acquire()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(Detector));
            _active++;
        }
    }

    /// <summary>Ends a call.</summary>
    public void Release()
    {
        lock (_lock)
        {
            if (--_active > 0 || !_closed)
            {
                return;
            }
        }

        free();
    }

    /// <summary>Lets no new call begin; frees at once where none is under way.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            if (_active > 0)
            {
                return;
            }
        }

        free();
    }
}
