namespace FocalSharp.TestSupport.Fuzzing;

/// <summary>The number of bytes that a reader may allocate for an input.</summary>
/// <param name="Fixed">Bytes for an input of any length.</param>
/// <param name="PerByte">Further bytes for each byte of the input.</param>
internal readonly record struct MemoryLimit(long Fixed, long PerByte)
{
    public long For(long length) => Fixed + (PerByte * length);
}
