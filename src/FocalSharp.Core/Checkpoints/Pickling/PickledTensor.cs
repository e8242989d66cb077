namespace FocalSharp.Checkpoints.Pickling;

/// <summary>A view of a storage as the pickle states it; checked when its values are read.</summary>
/// <param name="Storage">Where the values are.</param>
/// <param name="Type">Type of the elements.</param>
/// <param name="Offset">Index of the first element.</param>
/// <param name="Shape">Sizes of the dimensions.</param>
/// <param name="Strides">Elements between neighbours along each dimension.</param>
internal sealed record PickledTensor(PickledStorage Storage, ElementType Type, long Offset, long[] Shape, long[] Strides);
