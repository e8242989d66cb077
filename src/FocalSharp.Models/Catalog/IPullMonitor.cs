namespace FocalSharp.Models.Catalog;

/// <summary>Told how a pull goes.</summary>
public interface IPullMonitor
{
    /// <summary>Something worth a line happened.</summary>
    void Info(string line);

    /// <summary>Something went wrong that could be helped.</summary>
    void Warn(string line);

    /// <summary>Bytes that are here, of those expected (null where the server does not say).</summary>
    void Progress(string what, long done, long? total);
}
