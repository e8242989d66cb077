namespace FocalSharp.Runtime.Sessions;

/// <summary>A pool of inference contexts: as many as ran at once, up to a limit.</summary>
/// <param name="create">Creates a context.</param>
/// <param name="max">Maximum number of idle contexts.</param>
/// <param name="maxPooledBytes">Bytes of decoded pixels that an idle context may retain.</param>
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

    /// <summary>Frees the idle contexts; later ones are created again.</summary>
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
