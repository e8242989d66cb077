namespace FocalSharp.Benchmarks.Support;

/// <summary>Lets one of several threads run at a time; each hands on to the next one that has not ended.</summary>
internal sealed class TakingTurns(int parties) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, parties).Select(party => new SemaphoreSlim(party == 0 ? 1 : 0))];
    private readonly bool[] _ended = new bool[parties];

    /// <summary>Waits for the first turn.</summary>
    public void Begin(int party) => _turns[party].Wait();

    /// <summary>Gives the turn away and waits until it comes back.</summary>
    public void HandOn(int party)
    {
        Release(party);
        _turns[party].Wait();
    }

    /// <summary>Leaves for good; the others go on.</summary>
    public void End(int party)
    {
        lock (_gate)
        {
            _ended[party] = true;
        }

        Release(party);
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_turns, turn => turn.Dispose());

    private void Release(int party)
    {
        lock (_gate)
        {
            for (int step = 1; step <= _turns.Length; step++)
            {
                int next = (party + step) % _turns.Length;
                if (!_ended[next])
                {
                    _turns[next].Release();
                    return;
                }
            }
        }
    }
}
