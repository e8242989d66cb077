namespace FocalSharp.Checkpoints.Pickling;

/// <summary>A storage or, in files of the earliest releases, a part of one.</summary>
internal sealed record PickledStorageView(PickledStorage Storage, long Offset);
