namespace FocalSharp.Runtime;

/// <summary>A detector that retains memory between calls and can release it while it is idle.</summary>
internal interface IMemoryTrimming
{
    /// <summary>Releases memory that only later calls would use; they allocate it again.</summary>
    void TrimMemory();
}
