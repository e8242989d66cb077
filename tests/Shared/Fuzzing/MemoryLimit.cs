namespace FocalSharp.TestSupport.Fuzzing;

/// <summary>Most bytes that a reader may allocate for an input: so many in any case, and so many more for each byte of it.</summary>
/// <param name="Fixed">In any case.</param>
/// <param name="PerByte">For each byte of the input.</param>
internal readonly record struct MemoryLimit(long Fixed, long PerByte)
{
    public long For(long length) => Fixed + (PerByte * length);
}
