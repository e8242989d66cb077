using FocalSharp.Imaging;

namespace FocalSharp.Cli.Verbs;

/// <summary>Reads the next image and writes the last picture while the network sees one.</summary>
internal sealed class PredictPipeline : IDisposable
{
    private readonly IReadOnlyList<string> _files;
    private readonly Func<string, RgbImage> _read;
    private int _taken;
    private Task<RgbImage>? _next;
    private Task? _written;

    /// <summary>Begins to read the first image.</summary>
    /// <param name="files">Images in order, at least one.</param>
    /// <param name="read">Reads one.</param>
    public PredictPipeline(IReadOnlyList<string> files, Func<string, RgbImage> read)
    {
        _files = files;
        _read = read;
        _next = Start(0);
    }

    /// <summary>The next image; the one after it is read from now on.</summary>
    /// <exception cref="FocalSharpException">It cannot be read; the one after it can be asked for.</exception>
    public RgbImage Next()
    {
        Task<RgbImage> current = _next ?? throw new InvalidOperationException("All images were taken.");
        _taken++;
        _next = _taken < _files.Count ? Start(_taken) : null;
        return current.GetAwaiter().GetResult();
    }

    /// <summary>Writes beside the network, once what was written before is done.</summary>
    /// <exception cref="FocalSharpException">What was written before failed.</exception>
    public void Write(Action write)
    {
        try
        {
            Finish();
        }
        finally
        {
            _written = Task.Run(write);
        }
    }

    /// <summary>Waits for what is being written.</summary>
    /// <exception cref="FocalSharpException">It failed.</exception>
    public void Finish()
    {
        Task? written = _written;
        _written = null;
        written?.GetAwaiter().GetResult();
    }

    /// <summary>Waits for what is in flight, so that no file is left half and no thread behind.</summary>
    public void Dispose()
    {
        foreach (Task task in new[] { _next, _written }.OfType<Task>())
        {
            _ = ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
            _ = task.Exception;
        }
    }

    private Task<RgbImage> Start(int index) => Task.Run(() => _read(_files[index]));
}
