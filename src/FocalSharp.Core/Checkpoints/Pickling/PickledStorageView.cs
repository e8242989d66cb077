namespace FocalSharp.Checkpoints.Pickling;

/// <summary>A storage, or in files of the earliest releases a window of one.</summary>
internal sealed record PickledStorageView(PickledStorage Storage, long Offset);
