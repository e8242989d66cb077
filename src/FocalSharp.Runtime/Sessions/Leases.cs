namespace FocalSharp.Runtime.Sessions;

/// <summary>Counts calls under way, so that disposing waits for none and frees what they use only after the last.</summary>
/// <param name="free">Frees it.</param>
internal sealed class Leases(Action free)
{
    private readonly Lock _lock = new();
    private int _taken;
    private bool _ended;

    /// <summary>Begins a call.</summary>
    /// <exception cref="ObjectDisposedException">It has ended.</exception>
    public void Take()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_ended, typeof(Detector));
            _taken++;
        }
    }

    /// <summary>Ends a call.</summary>
    public void Give()
    {
        lock (_lock)
        {
            if (--_taken > 0 || !_ended)
            {
                return;
            }
        }

        free();
    }

    /// <summary>Lets no new call begin; frees at once where none is under way.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            if (_taken > 0)
            {
                return;
            }
        }

        free();
    }
}
