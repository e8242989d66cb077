namespace FocalSharp.Runtime.Sessions;

/// <summary>Keeps idle lanes for the next calls: as many as ran at once, up to a number.</summary>
/// <param name="create">Makes a lane.</param>
/// <param name="max">Idle lanes kept.</param>
/// <param name="maxPooledBytes">Decoded pixels that an idle lane may keep; more is given back.</param>
internal sealed class InferenceContextPool(Func<InferenceContext> create, int max, long maxPooledBytes) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly InferenceContext?[] _idle = new InferenceContext?[max];
    private int _count;

    public InferenceContext Rent()
    {
        lock (_lock)
        {
            if (_count > 0)
            {
                InferenceContext context = _idle[--_count]!;
                _idle[_count] = null;
                return context;
            }
        }

        return create();
    }

    public void Return(InferenceContext context)
    {
        context.Trim(maxPooledBytes);
        lock (_lock)
        {
            if (_count < _idle.Length)
            {
                _idle[_count++] = context;
                return;
            }
        }

        context.Dispose();
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
