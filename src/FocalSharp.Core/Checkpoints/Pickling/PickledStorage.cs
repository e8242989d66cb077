namespace FocalSharp.Checkpoints.Pickling;

/// <summary>A flat array in the file. Tensors are views of it.</summary>
/// <param name="Key">The name in the file.</param>
/// <param name="Type">The element type.</param>
/// <param name="Count">The number of elements.</param>
internal sealed record PickledStorage(string Key, ElementType Type, long Count)
{
    public Int128 ByteCount => (Int128)Count * ElementTypes.SizeOf(Type);
}
