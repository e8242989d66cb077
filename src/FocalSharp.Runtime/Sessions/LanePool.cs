namespace FocalSharp.Runtime.Sessions;

/// <summary>Keeps idle lanes for the next calls: as many as ran at once, up to a number.</summary>
/// <param name="create">Makes a lane.</param>
/// <param name="most">Idle lanes kept.</param>
/// <param name="keptBytes">Decoded pixels that an idle lane may keep; more is given back.</param>
internal sealed class LanePool(Func<Lane> create, int most, long keptBytes) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Lane?[] _idle = new Lane?[most];
    private int _count;

    public Lane Rent()
    {
        lock (_lock)
        {
            if (_count > 0)
            {
                Lane lane = _idle[--_count]!;
                _idle[_count] = null;
                return lane;
            }
        }

        return create();
    }

    public void Return(Lane lane)
    {
        lane.Trim(keptBytes);
        lock (_lock)
        {
            if (_count < _idle.Length)
            {
                _idle[_count++] = lane;
                return;
            }
        }

        lane.Dispose();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            while (_count > 0)
            {
                _idle[--_count]!.Dispose();
                _idle[_count] = null;
            }
        }
    }
}
