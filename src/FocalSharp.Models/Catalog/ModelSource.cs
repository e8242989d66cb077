namespace FocalSharp.Models.Catalog;

/// <summary>Where a published model's files come from.</summary>
public abstract record ModelSource
{
    /// <summary>The place in one line, for people and for the receipt.</summary>
    public abstract string Origin { get; }

    /// <summary>About how many bytes are transferred.</summary>
    public abstract long TransferBytes { get; }
}
