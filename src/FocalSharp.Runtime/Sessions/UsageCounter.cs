namespace FocalSharp.Runtime.Sessions;

/// <summary>Counts running calls, so that disposal does not wait and resources are freed after the last call.</summary>
/// <param name="free">Frees the resources.</param>
internal sealed class UsageCounter(Action free)
{
    private readonly Lock _lock = new();
    private int _active;
    private bool _closed;

    /// <summary>Starts a call.</summary>
    /// <exception cref="ObjectDisposedException"><see cref="Close"/> was called.</exception>
    public void Acquire()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(Detector));
            _active++;
        }
    }

    /// <summary>Finishes a call.</summary>
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

    /// <summary>Refuses new calls; frees at once if no call is running.</summary>
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
