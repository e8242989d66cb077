using FocalSharp.Models;
using FocalSharp.Runtime;

namespace FocalSharp.Explorer.Models;

/// <summary>Caches the models used last. One request at a time runs a model, because inference uses all cores.</summary>
internal sealed class ModelCache : IDisposable
{
    private const int Capacity = 2;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly LinkedList<(ExplorerModelEntry Entry, DateTime Written, IDetector Model)> _models = new();

    /// <summary>Runs a function on a model, which is loaded first if it is not cached or its file has changed.</summary>
    /// <param name="entry">The model.</param>
    /// <param name="use">The function.</param>
    /// <param name="cancellationToken">Cancels the wait for the model.</param>
    public async Task<T> UseAsync<T>(ExplorerModelEntry entry, Func<IDetector, T> use, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => use(GetOrLoad(entry)), cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        foreach ((_, _, IDetector model) in _models)
        {
            model.Dispose();
        }

        _models.Clear();
        _gate.Dispose();
    }

    private IDetector GetOrLoad(ExplorerModelEntry entry)
    {
        DateTime written = File.GetLastWriteTimeUtc(entry.Path);
        for (LinkedListNode<(ExplorerModelEntry Entry, DateTime Written, IDetector Model)>? node = _models.First; node is not null; node = node.Next)
        {
            if (node.Value.Entry == entry && node.Value.Written == written)
            {
                _models.Remove(node);
                _models.AddFirst(node);
                return node.Value.Model;
            }
        }

        IDetector model = DetectorLoader.Load(entry.Path);
        _models.AddFirst((entry, written, model));
        while (_models.Count > Capacity)
        {
            _models.Last!.Value.Model.Dispose();
            _models.RemoveLast();
        }

        return model;
    }
}
