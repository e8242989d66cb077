namespace FocalSharp.IO;

/// <summary>Reports on the calling thread, in order; <see cref="Progress{T}"/> guarantees neither in a console program.</summary>
/// <param name="report">Receives each value.</param>
internal sealed class SynchronousProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
