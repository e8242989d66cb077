namespace FocalSharp.Checkpoints.Pickling;

/// <summary>Provides the bytes of a checkpoint's storages.</summary>
internal interface IStorageSource
{
    /// <summary>Returns the bytes of a whole storage, exactly as many as it declares.</summary>
    /// <exception cref="ModelException">The file has no such storage, or one of another length.</exception>
    byte[] Read(PickledStorage storage);
}
