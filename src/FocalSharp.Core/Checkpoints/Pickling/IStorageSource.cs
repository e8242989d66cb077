namespace FocalSharp.Checkpoints.Pickling;

/// <summary>Where the bytes of a checkpoint's storages lie.</summary>
internal interface IStorageSource
{
    /// <summary>The bytes of a whole storage, exactly as many as it declares.</summary>
    /// <exception cref="FocalSharpException">The file has no such storage, or one of another length.</exception>
    byte[] Read(PickledStorage storage);
}
