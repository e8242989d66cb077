namespace FocalSharp.Runtime.Sessions;

/// <summary>Counts uses of a resource, so that closing does not wait and the resource is freed after its last use.</summary>
/// <param name="free">Frees the resource.</param>
internal sealed class UsageCounter(Action free)
{
    private readonly Lock _lock = new();
    private int _active;
    private bool _closed;

    /// <summary>Starts a use. It ends with <see cref="Release"/>.</summary>
    /// <param name="whileInUse">Whether a closed resource may be used too, as long as another use has not ended.</param>
    /// <returns>False if <see cref="Close"/> was called.</returns>
    public bool TryAcquire(bool whileInUse = false)
    {
        lock (_lock)
        {
            if (_closed && !(whileInUse && _active > 0))
            {
                return false;
            }

            _active++;
            return true;
        }
    }

    /// <summary>Ends a use.</summary>
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

    /// <summary>Refuses new uses; frees at once if there is none.</summary>
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
