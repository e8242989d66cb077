using static TorchSharp.torch;

namespace FocalSharp.Torch.Native;

/// <summary>
/// A feature map in channels-last memory as rows of channels, <c>[B·H·W, C]</c>, for managed code that computes on several channels
/// at a time, in float32.
/// </summary>
/// <typeparam name="TSelf">The view.</typeparam>
/// <typeparam name="TLanes">The vector it reads and writes.</typeparam>
internal interface IFeatureRows<TSelf, TLanes>
    where TSelf : struct, IFeatureRows<TSelf, TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Gets the type of the map's values.</summary>
    static abstract ScalarType Type { get; }

    /// <summary>Creates a view of a map <c>[B, C, H, W]</c> in channels-last memory, which must outlive the view.</summary>
    static abstract TSelf Create(Tensor map);

    /// <summary>Loads values.</summary>
    TLanes Load(long at);

    /// <summary>Stores values, rounded to the map's type.</summary>
    void Store(long at, TLanes value);
}
