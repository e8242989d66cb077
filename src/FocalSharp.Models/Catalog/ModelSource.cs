namespace FocalSharp.Models.Catalog;

/// <summary>The source of a published model's files.</summary>
internal abstract record ModelSource
{
    private protected ModelSource()
    {
    }

    /// <summary>Gets the source in one line.</summary>
    public abstract string Origin { get; }

    /// <summary>Gets the approximate number of bytes to download.</summary>
    public abstract long TransferBytes { get; }
}
