namespace FocalSharp.Runtime;

/// <summary>A detector that retains memory between calls and can release it.</summary>
internal interface IMemoryTrimming
{
    /// <summary>
    /// Releases the memory of activations after each run from now on, instead of retaining that of every shape and batch. Runs take a few percent longer, because
    /// they allocate it again.
    /// </summary>
    void RetainLess();

    /// <summary>Releases memory that only later calls would use; they allocate it again.</summary>
    void TrimMemory();
}
