namespace FocalSharp.Checkpoints.Pickling;

/// <summary>A view of a storage as stated by the pickle; validated when its values are read.</summary>
/// <param name="Storage">The storage of the values.</param>
/// <param name="Type">The element type.</param>
/// <param name="Offset">The index of the first element.</param>
/// <param name="Shape">The sizes of the dimensions.</param>
/// <param name="Strides">The number of elements between neighbors along each dimension.</param>
internal sealed record PickledTensor(PickledStorage Storage, ElementType Type, long Offset, long[] Shape, long[] Strides);
