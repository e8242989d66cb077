namespace FocalSharp.Cli.Prediction;

/// <summary>Decodes the next image and writes the previous annotated image while the network runs.</summary>
internal sealed class PredictPipeline : IDisposable
{
    private readonly IReadOnlyList<string> _files;
    private Func<string, PredictInput> _decode;
    private int _taken;
    private Task<PredictInput>? _next;
    private Task? _written;

    /// <summary>Starts to decode the first image.</summary>
    /// <param name="files">Image files in order.</param>
    /// <param name="decode">Decodes an image file.</param>
    public PredictPipeline(IReadOnlyList<string> files, Func<string, PredictInput> decode)
    {
        _files = files;
        _decode = decode;
        _next = _files.Count > 0 ? Start(0) : null;
    }

    /// <summary>Decodes the first image again, in another way.</summary>
    /// <param name="decode">Decodes an image file.</param>
    public void Restart(Func<string, PredictInput> decode)
    {
        if (_next is { } started)
        {
            _ = ((IAsyncResult)started).AsyncWaitHandle.WaitOne();
            _ = started.Exception;
        }

        _decode = decode;
        _next = _files.Count > 0 ? Start(0) : null;
    }

    /// <summary>Returns the next image and starts to decode the one after it.</summary>
    /// <exception cref="FocalSharpException">The image cannot be decoded; a further call returns the one after it.</exception>
    public PredictInput Next()
    {
        Task<PredictInput> current = _next ?? throw new InvalidOperationException("There is no further image.");
        _taken++;
        _next = _taken < _files.Count ? Start(_taken) : null;
        return current.GetAwaiter().GetResult();
    }

    /// <summary>Starts to write on another thread, after the previous write has completed.</summary>
    /// <exception cref="FocalSharpException">The previous write failed.</exception>
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

    /// <summary>Waits until the last write has completed.</summary>
    /// <exception cref="FocalSharpException">The write failed.</exception>
    public void Finish()
    {
        Task? written = _written;
        _written = null;
        written?.GetAwaiter().GetResult();
    }

    /// <summary>Waits for pending work, so that no incomplete file and no thread remains.</summary>
    public void Dispose()
    {
        foreach (Task task in new[] { _next, _written }.OfType<Task>())
        {
            _ = ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
            _ = task.Exception;
        }
    }

    private Task<PredictInput> Start(int index) => Task.Run(() => _decode(_files[index]));
}
