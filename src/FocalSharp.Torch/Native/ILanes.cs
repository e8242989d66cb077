namespace FocalSharp.Torch.Native;

/// <summary>
/// A vector of float32 values that code for several widths is written with. Masks have all bits of a lane set, or none.
/// </summary>
/// <typeparam name="TSelf">The vector.</typeparam>
internal interface ILanes<TSelf>
    where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Gets the number of values.</summary>
    static abstract int Count { get; }

    /// <summary>Gets zeros.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>Returns a value in all lanes.</summary>
    static abstract TSelf Create(float value);

    /// <summary>Loads values.</summary>
    static abstract TSelf Load(ref readonly float source);

    /// <summary>Loads bytes as numbers.</summary>
    static abstract TSelf LoadBytes(ref readonly byte source);

    /// <summary>Stores the values.</summary>
    void Store(ref float target);

    /// <summary>Stores the values, whole numbers from 0 to 255, as bytes.</summary>
    void StoreBytes(ref byte target);

    /// <summary>Adds the values to as many sums.</summary>
    void AddTo(ref double sums);

    /// <summary>Adds.</summary>
    static abstract TSelf operator +(TSelf a, TSelf b);

    /// <summary>Subtracts.</summary>
    static abstract TSelf operator -(TSelf a, TSelf b);

    /// <summary>Multiplies.</summary>
    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>Combines masks: both.</summary>
    static abstract TSelf operator &(TSelf a, TSelf b);

    /// <summary>Combines masks: either.</summary>
    static abstract TSelf operator |(TSelf a, TSelf b);

    /// <summary>Computes a · b + sum.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf sum);

    /// <summary>Returns the smaller values.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>Returns the larger values.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>Returns the mask of a &gt; b.</summary>
    static abstract TSelf GreaterThan(TSelf a, TSelf b);

    /// <summary>Returns the mask of a ≤ b.</summary>
    static abstract TSelf LessThanOrEqual(TSelf a, TSelf b);

    /// <summary>Returns the mask of a = b.</summary>
    static abstract TSelf EqualTo(TSelf a, TSelf b);

    /// <summary>Returns the mask of values that are not numbers.</summary>
    static abstract TSelf IsNaN(TSelf values);

    /// <summary>Returns a where the mask is set, otherwise b.</summary>
    static abstract TSelf Select(TSelf mask, TSelf a, TSelf b);
}
