namespace FocalSharp.Checkpoints.Pickling;

/// <summary>A flat array of the file that tensors are views of.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">Type of its elements.</param>
/// <param name="Count">Number of its elements.</param>
internal sealed record PickledStorage(string Key, ElementType Type, long Count)
{
    public Int128 ByteCount => (Int128)Count * ElementTypes.SizeOf(Type);
}
